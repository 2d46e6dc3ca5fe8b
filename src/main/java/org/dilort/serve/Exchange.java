package org.dilort.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** One request and its reply. */
final class Exchange {
    private final HttpExchange http;
    private boolean begun;

    Exchange(HttpExchange http) {
        this.http = http;
    }

    String path() {
        return http.getRequestURI().getPath();
    }

    /** Empty where there is none. */
    String header(String name) {
        String value = http.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    void requireMethod(String method) {
        if (!http.getRequestMethod().equals(method)) {
            http.getResponseHeaders().set("Allow", method);
            throw new RequestException(
                    405, "method_not_allowed", "method: got " + http.getRequestMethod() + ", expected " + method);
        }
    }

    /** @throws RequestException for a body of more than {@code limit} bytes, of which no more is read */
    byte[] body(int limit) throws IOException {
        byte[] body = http.getRequestBody().readNBytes(limit + 1);
        if (body.length > limit) {
            http.getResponseHeaders().set("Connection", "close");
            throw new RequestException(413, "too_large", "body: more than " + limit + " bytes");
        }
        return body;
    }

    /** Whether the status is on its way, so that no other can be. */
    boolean hasBegun() {
        return begun;
    }

    /** A page that may run its own script and ask this server, and nothing else. */
    void page(String html) throws IOException {
        http.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self';"
                                + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        http.getResponseHeaders().set("Cache-Control", "no-cache");
        reply(200, "text/html; charset=utf-8", html);
    }

    void reply(int status, String contentType, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", contentType);
        if (status == 503) {
            http.getResponseHeaders().set("Retry-After", "1");
        }
        if (status == 401) {
            http.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        begun = true;
        http.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = http.getResponseBody()) {
            out.write(bytes);
        }
    }

    void json(int status, ObjectNode object) throws IOException {
        reply(status, "application/json", object.toString());
    }

    /** Server-sent events, each written at once. */
    void beginEvents() throws IOException {
        http.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        http.getResponseHeaders().set("Cache-Control", "no-cache");
        begun = true;
        http.sendResponseHeaders(200, 0);
    }

    void event(String data) throws IOException {
        OutputStream out = http.getResponseBody();
        out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void close() {
        http.close();
    }
}
