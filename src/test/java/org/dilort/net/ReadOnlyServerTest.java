package org.dilort.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.dilort.net.ReadOnlyServer.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadOnlyServerTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient client = HttpClient.newHttpClient();
    private ReadOnlyServer server;

    @BeforeEach
    void start() throws IOException {
        server = ReadOnlyServer.start(
                ANY,
                2,
                Map.of(
                        "/text", () -> new Reply.Text(200, "text/plain", "grüß"),
                        "/stream",
                                () -> new Reply.Stream(
                                        "text/event-stream",
                                        out -> out.write("one\n".getBytes(StandardCharsets.UTF_8)))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void givesWhatIsUnderAPath() throws Exception {
        HttpResponse<String> text = ask("GET", "/text?query=1");
        assertThat(text.body()).isEqualTo("grüß");
        assertThat(text.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(text.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(ask("GET", "/stream").body()).isEqualTo("one\n");
        HttpResponse<String> head = ask("HEAD", "/text");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void refusesEverythingElse() throws Exception {
        for (String method : new String[] {"POST", "PUT", "DELETE", "OPTIONS"}) {
            HttpResponse<String> refused = ask(method, "/text");
            assertThat(refused.statusCode()).isEqualTo(405);
            assertThat(refused.headers().firstValue("Allow")).contains("GET, HEAD");
            assertThat(refused.body()).isEqualTo("method: got " + method + ", expected GET\n");
        }
        assertThat(ask("GET", "/text/more").statusCode()).isEqualTo(404);
    }

    @Test
    void aPortThatIsTakenIsAnError() {
        assertThatThrownBy(() -> ReadOnlyServer.start(server.address(), 1, Map.of()))
                .isInstanceOf(IOException.class);
    }
}
