package org.dilort.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dilort.data.Prompt;
import org.dilort.error.ConfigException;
import org.dilort.input.SourceLine;
import org.dilort.net.BoundedExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointJudgeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Comparison COMPARISON =
            new Comparison(new Prompt(new SourceLine(Path.of("p"), 1), "2+2=", List.of()), "4 {b}", "5");

    @TempDir
    private Path temp;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** Answers one request. */
    private interface Handler {
        void answer(HttpExchange exchange, int number) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void on(Handler handler) {
        server.createContext("/v1/chat/completions", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            try {
                handler.answer(exchange, asked.size());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static String reply(String content) {
        return "{\"choices\": [{\"message\": {\"content\": \"" + content + "\"}}]}";
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private Verdict judge(String token, Duration limit) {
        JudgeChoice.Endpoint endpoint =
                new JudgeChoice.Endpoint(URI.create(address()), "m", token, limit, JudgePrompt.DEFAULT);
        try (EndpointJudge judge = new EndpointJudge(endpoint, pauses::add)) {
            return judge.judge(COMPARISON);
        }
    }

    @Test
    void theModelIsAskedOnceAndGreedily() throws IOException {
        on((exchange, number) -> send(exchange, 200, reply("B")));

        assertThat(judge("secret", LONG)).isEqualTo(Verdict.B);

        assertThat(asked).hasSize(1);
        assertThat(asked.get(0)).startsWith("Bearer secret {");
        JsonNode body = JSON.readTree(asked.get(0).substring("Bearer secret ".length()));
        assertThat(body.path("temperature").asInt(1)).isZero();
        assertThat(body.path("model").asText()).isEqualTo("m");
        assertThat(body.path("messages").path(0).path("content").asText())
                .contains("[Question]\n2+2=\n", "[Answer A]\n4 {b}\n", "[Answer B]\n5\n");
    }

    @ParameterizedTest
    @CsvSource({
        "A, A",
        "' **B** ', B",
        "[[C]], TIE",
        "Answer A., A",
        "A better answer is B, UNREADABLE",
        "BAD, UNREADABLE",
        "'A', A",
        "neither, UNREADABLE",
        "'', UNREADABLE"
    })
    void aLetterThatStandsAloneIsTheVerdict(String content, Verdict verdict) {
        assertThat(EndpointJudge.verdict(content)).isEqualTo(verdict);
    }

    @Test
    void aServerThatRecoversIsAskedAgain() {
        on((exchange, number) -> send(exchange, number < 3 ? 503 : 200, number < 3 ? "busy" : reply("A")));

        assertThat(judge("", LONG)).isEqualTo(Verdict.A);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(asked.get(0)).startsWith("null ");
    }

    @Test
    void aServerThatStaysBrokenIsAFailure() {
        on((exchange, number) -> send(exchange, 500, "{\"error\":\n\"oops\"}"));

        assertThatThrownBy(() -> judge("secret", LONG))
                .isInstanceOf(JudgeFailure.class)
                .hasMessage(address() + "/chat/completions: status 500: {\"error\": \"oops\"}, 3 times");
        assertThat(asked).hasSize(3);
    }

    @Test
    void aRefusalIsAFailureAtOnce() {
        on((exchange, number) -> send(exchange, 401, "no"));

        assertThatThrownBy(() -> judge("secret", LONG))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("status 401: no")
                .hasMessageNotContaining("secret");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aTokenGoesNowhereElse() {
        on((exchange, number) -> {
            exchange.getResponseHeaders().add("Location", address() + "/elsewhere");
            send(exchange, 302, "");
        });

        assertThatThrownBy(() -> judge("secret", LONG)).hasMessageEndingWith("status 302");
        assertThat(new JudgeChoice.Endpoint(URI.create(address()), "m", "secret", LONG, JudgePrompt.DEFAULT).toString())
                .doesNotContain("secret");
    }

    @Test
    void aServerThatNeverAnswersIsAFailure() {
        on((exchange, number) -> end.await());

        assertThatThrownBy(() -> judge("", SHORT))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("no answer in 0.3 s, 3 times");
    }

    @Test
    void anAnswerThatDoesNotEndIsAFailure() {
        on((exchange, number) -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            end.await();
        });

        assertThatThrownBy(() -> judge("", SHORT))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageEndingWith("no answer in 0.3 s, 3 times");
    }

    @Test
    void anAnswerThatIsTooLongIsAFailure() {
        on((exchange, number) -> send(exchange, 200, " ".repeat(BoundedExchange.LIMIT_BYTES + 1)));

        assertThatThrownBy(() -> judge("", LONG)).hasMessageContaining("more than 1048576 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html>            | not JSON",
                "{\"choices\": []} | no choices[0].message.content",
                "[]                | no choices[0].message.content",
                "``                | no choices[0].message.content"
            })
    void anAnswerThatIsNoChatIsAFailure(String body, String message) {
        on((exchange, number) -> send(exchange, 200, body));

        assertThatThrownBy(() -> judge("", LONG))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageContaining(message);
    }

    @Test
    void nobodyThereIsAFailure() {
        server.stop(0);

        assertThatThrownBy(() -> judge("", LONG))
                .isInstanceOf(JudgeFailure.class)
                .hasMessageContaining("no answer: ")
                .hasMessageEndingWith(", 3 times");
    }

    @Test
    void aTemplateNeedsItsPlaces() throws IOException {
        Path file = Files.writeString(temp.resolve("t.txt"), "{prompt} {a}");

        assertThatThrownBy(() -> JudgePrompt.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--judge-template: {b} is not in it");
        assertThatThrownBy(() -> JudgePrompt.read(temp.resolve("none")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no such file");
    }
}
