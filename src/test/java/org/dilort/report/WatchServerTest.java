package org.dilort.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import org.dilort.error.DataException;
import org.dilort.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchServerTest {
    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir
    private Path temp;

    private final HttpClient client = HttpClient.newHttpClient();

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private HttpRequest.Builder request(WatchServer server, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }

    private HttpResponse<String> get(WatchServer server, String path) throws IOException, InterruptedException {
        return client.send(request(server, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesThePageAsItIsNow() throws Exception {
        Path run = RunFolders.write(temp.resolve("run"), 9, 2, Map.of());
        try (WatchServer server = WatchServer.start(run, anyPort(), OFTEN)) {
            HttpResponse<String> first = get(server, "/");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(first.body()).contains("step 2 of 9", "data-life=\"LIVE\"", "connect-src 'self'");
            Files.writeString(run.resolve("metrics.jsonl"), RunFolders.line(3), StandardOpenOption.APPEND);
            assertThat(get(server, "/").body()).contains("step 3 of 9");
        }
    }

    @Test
    void sendsSectionsWheneverTheyChange() throws Exception {
        Path run = RunFolders.write(temp.resolve("run"), 9, 2, Map.of());
        try (WatchServer server = WatchServer.start(run, anyPort(), OFTEN)) {
            HttpResponse<InputStream> events =
                    client.send(request(server, "/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
                assertThat(next(lines)).startsWith("<header>").contains("step 2 of 9");
                Files.writeString(run.resolve("metrics.jsonl"), RunFolders.line(3), StandardOpenOption.APPEND);
                assertThat(next(lines)).contains("step 3 of 9");
                RunFolders.write(run, 9, 9, Map.of("accuracy", 1.0));
                assertThat(next(lines)).contains("step 9 of 9");
            }
        }
    }

    /** The next event that has data; those without keep the connection alive. */
    private static String next(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith("data: ")) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        return new ObjectMapper().readTree(line.substring(6)).asText();
    }

    @Test
    void answersWhatItCannotServe() throws Exception {
        Path run = RunFolders.write(temp.resolve("run"), 9, 2, Map.of());
        try (WatchServer server = WatchServer.start(run, anyPort(), OFTEN)) {
            assertThat(get(server, "/metrics.jsonl").statusCode()).isEqualTo(404);
            assertThat(get(server, "/../run/config.yaml").statusCode()).isEqualTo(404);
            HttpRequest post = request(server, "/")
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
            Files.writeString(run.resolve("summary.json"), "no JSON");
            assertThat(get(server, "/").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void refusesWhatItCannotWatch() throws Exception {
        assertThatThrownBy(() -> WatchServer.start(temp.resolve("none"), anyPort(), OFTEN))
                .isInstanceOf(DataException.class);
        Path run = RunFolders.write(temp.resolve("run"), 9, 2, Map.of());
        try (WatchServer server = WatchServer.start(run, anyPort(), OFTEN)) {
            assertThatThrownBy(() -> WatchServer.start(run, server.address(), OFTEN))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:");
        }
    }
}
