package org.dilort.net;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers {@code GET} and {@code HEAD} of a few paths, on a bounded number of threads that do not keep a process alive. */
public final class ReadOnlyServer implements AutoCloseable {
    private final HttpServer http;
    private final ExecutorService threads;
    private final Map<String, Source> paths;

    /** What is under a path when it is asked for. */
    public interface Source {
        Reply now();
    }

    /** What a path gives; types are without their charset, which is UTF-8. */
    public sealed interface Reply {
        int status();

        String type();

        record Text(int status, String type, String text) implements Reply {}

        /** As long as there is something to write and someone who reads. */
        record Stream(String type, Writing body) implements Reply {
            @Override
            public int status() {
                return 200;
            }
        }
    }

    /** Writes a body piece by piece. */
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private ReadOnlyServer(HttpServer http, int threads, Map<String, Source> paths) {
        this.http = http;
        this.paths = Map.copyOf(paths);
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "http-server");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Serves until it is closed.
     *
     * @throws IOException where the address cannot be had
     */
    public static ReadOnlyServer start(InetSocketAddress address, int threads, Map<String, Source> paths)
            throws IOException {
        ReadOnlyServer server = new ReadOnlyServer(HttpServer.create(address, 0), threads, paths);
        server.http.createContext("/", server::handle);
        server.http.setExecutor(server.threads);
        server.http.start();
        return server;
    }

    /** With the port that was taken where 0 was asked for. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, new Reply.Text(405, "text/plain", "method: got " + method + ", expected GET\n"));
                return;
            }
            Source source = paths.getOrDefault(
                    exchange.getRequestURI().getPath(), () -> new Reply.Text(404, "text/plain", "no such path\n"));
            send(exchange, source.now());
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", reply.type() + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(reply.status(), -1);
        } else if (reply instanceof Reply.Text text) {
            byte[] bytes = text.text().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(text.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        } else if (reply instanceof Reply.Stream stream) {
            exchange.sendResponseHeaders(stream.status(), 0);
            stream.body().to(exchange.getResponseBody());
        }
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
