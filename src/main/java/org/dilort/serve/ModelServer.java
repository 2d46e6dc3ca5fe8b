package org.dilort.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.dilort.error.ConfigException;
import org.dilort.net.HostPort;
import org.dilort.net.PrometheusText;

/**
 * OpenAI's HTTP interface to one or more models: {@code POST /v1/chat/completions} and {@code /v1/completions}, {@code GET
 * /v1/models}, {@code /health} and {@code /metrics} (Prometheus); and at {@code /} a page to chat with them side by side.
 *
 * <p>Every request has a thread of a pool that has room for those that are answered, those that wait and some that are refused.
 */
public final class ModelServer implements AutoCloseable {
    private static final int THREADS_TO_REFUSE = 8;
    private static final int SECONDS_TO_FINISH = 30;

    private final HttpServer http;
    private final ExecutorService threads;
    private final ServeSettings settings;
    private final Models models;
    private final RequestParser parser;
    private final Turnstile turnstile;
    private final ServerMetrics metrics = new ServerMetrics();
    private final Answering answering;
    private final ReadWriteLock underWay = new ReentrantReadWriteLock();
    private volatile boolean stopping;

    private ModelServer(HttpServer http, Models models, ServeSettings settings, Clock clock) {
        this.http = http;
        this.models = models;
        this.threads = Executors.newFixedThreadPool(settings.concurrent() + settings.waiting() + THREADS_TO_REFUSE);
        this.settings = settings;
        this.parser = new RequestParser(settings.newTokens());
        this.turnstile = new Turnstile(settings.concurrent(), settings.waiting());
        this.answering = new Answering(models, turnstile, metrics, clock);
    }

    /**
     * Serves until it is closed.
     *
     * @param models stay the caller's, and must live longer
     * @throws ConfigException where the address cannot be had
     */
    public static ModelServer start(Models models, ServeSettings settings, Clock clock) {
        try {
            HttpServer http = HttpServer.create(settings.address(), 0);
            ModelServer server = new ModelServer(http, models, settings, clock);
            http.createContext("/", server::handle);
            http.setExecutor(server.threads);
            http.start();
            return server;
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + HostPort.text(settings.address()) + ": " + e.getMessage());
        }
    }

    /** With the port that was taken where the settings say 0. */
    public InetSocketAddress address() {
        return http.getAddress();
    }

    private void handle(HttpExchange raw) {
        Exchange exchange = new Exchange(raw);
        underWay.readLock().lock();
        try {
            if (stopping) {
                throw new RequestException(503, "stopping", "the server is stopping");
            }
            route(exchange);
            metrics.replied(200);
        } catch (RequestException e) {
            fail(exchange, e);
        } catch (IOException e) {
            metrics.replied(499);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(exchange, new RequestException(503, "stopping", "the server is stopping"));
        } catch (RuntimeException e) {
            fail(exchange, new RequestException(500, "internal", e.toString()));
        } finally {
            underWay.readLock().unlock();
            exchange.close();
        }
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        switch (exchange.path()) {
            case "/v1/chat/completions" -> answering.answer(exchange, parser.chat(post(exchange)));
            case "/v1/completions" -> answering.answer(exchange, parser.completion(post(exchange)));
            case "/v1/models" -> {
                requireGet(exchange);
                exchange.json(200, models.list());
            }
            case "/metrics" -> {
                requireGet(exchange);
                exchange.reply(200, PrometheusText.TYPE, metrics.text(turnstile));
            }
            case "/" -> {
                exchange.requireMethod("GET");
                exchange.page(ChatPage.html());
            }
            case "/health" -> {
                exchange.requireMethod("GET");
                exchange.reply(200, "text/plain", "ok\n");
            }
            default -> throw new RequestException(404, "not_found", exchange.path() + ": no such path");
        }
    }

    private byte[] post(Exchange exchange) throws IOException {
        requireAccess(exchange);
        exchange.requireMethod("POST");
        return exchange.body(settings.bodyBytes());
    }

    private void requireGet(Exchange exchange) {
        requireAccess(exchange);
        exchange.requireMethod("GET");
    }

    private void requireAccess(Exchange exchange) {
        if (!settings.access().admits(exchange.header("Authorization"))) {
            throw new RequestException(401, "invalid_api_key", "Authorization: not the server's bearer token");
        }
    }

    private void fail(Exchange exchange, RequestException e) {
        metrics.replied(e.status());
        try {
            if (exchange.hasBegun()) {
                exchange.event(Replies.error(e).toString());
            } else {
                exchange.json(e.status(), Replies.error(e));
            }
        } catch (IOException gone) {
            metrics.replied(499);
        }
    }

    /** Takes no more requests and waits for those under way, at most 30 seconds. */
    @Override
    public void close() {
        stopping = true;
        try {
            if (underWay.writeLock().tryLock(SECONDS_TO_FINISH, TimeUnit.SECONDS)) {
                underWay.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.stop(0);
        threads.shutdownNow();
    }
}
