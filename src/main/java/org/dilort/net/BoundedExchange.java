package org.dilort.net;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Requests that end: in a bounded time, from the connection to the last byte of the answer, with a bounded answer. Redirections
 * are not followed, so that a token goes nowhere else.
 */
public final class BoundedExchange implements AutoCloseable {
    public static final int LIMIT_BYTES = 1 << 20;
    private static final int NO_STATUS = 0;
    private static final int TOO_MANY = 429;

    private final Duration limit;
    private final HttpClient client;
    private final ExecutorService worker;

    /**
     * @param status of HTTP, 0 where none came
     * @param problem what is wrong, in words
     */
    public record Reply(int status, String body, String problem) {

        /** Whether another attempt may fare better. */
        public boolean mayPass() {
            return status == NO_STATUS || status == TOO_MANY || status >= 500;
        }
    }

    public BoundedExchange(Duration limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limit)
                .build();
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "http-client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws InterruptedException when the caller is interrupted before the answer is there */
    public Reply send(HttpRequest request) throws InterruptedException {
        Future<Reply> reply = worker.submit(() -> exchange(request));
        try {
            return reply.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return new Reply(NO_STATUS, "", "no answer in " + seconds(limit));
        } catch (ExecutionException e) {
            return new Reply(NO_STATUS, "", "no answer: " + reason(e.getCause()));
        } finally {
            reply.cancel(true);
        }
    }

    /** Java says nothing of why a connection failed but its exception's name. */
    private static String reason(Throwable cause) {
        if (cause.getMessage() != null) {
            return cause.getMessage();
        }
        return cause instanceof ConnectException
                ? "no connection could be made"
                : cause.getClass().getSimpleName();
    }

    private static String seconds(Duration limit) {
        return BigDecimal.valueOf(limit.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    private Reply exchange(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(LIMIT_BYTES + 1);
            if (bytes.length > LIMIT_BYTES) {
                throw new IOException("more than " + LIMIT_BYTES + " bytes");
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new Reply(response.statusCode(), text, "status " + response.statusCode());
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
