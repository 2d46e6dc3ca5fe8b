package org.dilort.report;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dilort.error.ConfigException;
import org.dilort.error.UserException;

/**
 * Serves the page of a run that is going on: {@code GET /}, and {@code GET /events}, server-sent events whose data are the
 * page's sections anew, as a JSON text, whenever they changed. It only reads, and never takes the folder's lock.
 */
public final class WatchServer implements AutoCloseable {
    /** Every open page holds one. */
    private static final int THREADS = 32;

    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Path folder;
    private final Duration interval;
    private volatile boolean closed;

    private WatchServer(HttpServer http, Path folder, Duration interval) {
        this.http = http;
        this.folder = folder;
        this.interval = interval;
    }

    /**
     * Serves until it is closed.
     *
     * @param interval between looks at the folder
     * @throws org.dilort.error.DataException for a folder that no run has written
     * @throws ConfigException where the address cannot be had
     */
    public static WatchServer start(Path folder, InetSocketAddress address, Duration interval) {
        RunRecord.requireRun(folder);
        try {
            WatchServer server = new WatchServer(HttpServer.create(address, 0), folder, interval);
            server.http.createContext("/", server::handle);
            server.http.setExecutor(server.threads);
            server.http.start();
            return server;
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + address + ": " + e.getMessage());
        }
    }

    /** With the port that was taken where 0 was asked for. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                reply(exchange, 405, "text/plain", "method: got " + exchange.getRequestMethod() + ", expected GET\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> page(exchange);
                case "/events" -> events(exchange);
                default -> reply(exchange, 404, "text/plain", "no such path\n");
            }
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        try {
            RunRecord run = RunRecord.read(folder);
            reply(exchange, 200, "text/html", Page.of(run.name() + " – dil-ort", RunPage.of(run), Page.Life.LIVE));
        } catch (UserException e) {
            reply(exchange, 503, "text/plain", e.getMessage() + "\n");
        }
    }

    /** Ends when the page goes away or the server is closed. */
    private void events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        Metrics metrics = Metrics.of(folder.resolve(RunRecord.METRICS));
        String sent = "";
        while (!closed) {
            String sections = sections(metrics, sent);
            String event = sections.equals(sent) ? ":\n\n" : "data: " + TextNode.valueOf(sections) + "\n\n";
            out.write(event.getBytes(StandardCharsets.UTF_8));
            out.flush();
            sent = sections;
            if (!pause()) {
                return;
            }
        }
    }

    /** As they are now; {@code otherwise} while the folder cannot be read, as for a moment when it is moved. */
    private String sections(Metrics metrics, String otherwise) {
        try {
            return RunPage.of(RunRecord.read(folder, metrics));
        } catch (UserException e) {
            return otherwise;
        }
    }

    private boolean pause() {
        try {
            Thread.sleep(interval.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void reply(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        closed = true;
        http.stop(0);
        threads.shutdownNow();
    }
}
