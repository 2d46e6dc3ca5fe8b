package org.dilort.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.dilort.export.GenerationSettings;
import org.dilort.export.Sampling;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelServerTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
    private static final String HELLO = """
            {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 8, "temperature": 0%s}
            """;

    @TempDir
    private Path temp;

    private final HttpClient client = HttpClient.newHttpClient();
    private AlignedModel model;
    private ModelServer server;

    @BeforeEach
    void start() throws IOException {
        model = AlignedModel.load(ServedFolder.withTemplate(temp), 1);
        server = serve(new Access.Open());
    }

    private ModelServer serve(Access access) {
        return serve(access, new Models(Map.of("tiny", model)));
    }

    private ModelServer serve(Access access, Models models) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return ModelServer.start(models, new ServeSettings(any, access, 4, 100, 10_000, 12), CLOCK);
    }

    @AfterEach
    void stop() {
        server.close();
        model.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(request(path, body), BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static List<JsonNode> events(String stream) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        assertThat(stream).endsWith("data: [DONE]\n\n");
        for (String line : stream.replace("data: [DONE]\n\n", "").split("\n\n")) {
            assertThat(line).startsWith("data: ");
            events.add(JSON.readTree(line.substring(6)));
        }
        return events;
    }

    private String answer(String prompt, Sampling sampling) {
        GenerationSettings settings = GenerationSettings.greedy(8).withSampling(sampling);
        return model.complete(prompt, settings, AlignedModel.IGNORE).text();
    }

    @Test
    void aChatIsWhatTheModelAnswers() throws Exception {
        HttpResponse<String> reply = post("/v1/chat/completions", HELLO.formatted(""));

        JsonNode json = JSON.readTree(reply.body());
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(json.path("object").asText()).isEqualTo("chat.completion");
        assertThat(json.path("created").asLong()).isEqualTo(1_800_000_000);
        assertThat(json.path("model").asText()).isEqualTo("tiny");
        JsonNode choice = json.path("choices").path(0);
        assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
        assertThat(choice.path("message").path("content").asText())
                .isEqualTo(answer("user:hello;assistant:", new Sampling.Greedy()));
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(json.path("usage").path("prompt_tokens").asInt())
                .isEqualTo(model.complete("user:hello;assistant:", GenerationSettings.greedy(1), AlignedModel.IGNORE)
                        .promptTokens());
        assertThat(json.path("usage").path("total_tokens").asInt())
                .isEqualTo(json.path("usage").path("prompt_tokens").asInt() + 8);
    }

    @Test
    void aStreamHasThePiecesOfTheWholeAnswer() throws Exception {
        String body = HELLO.formatted(", \"stream\": true, \"stream_options\": {\"include_usage\": true}");
        HttpResponse<String> reply = post("/v1/chat/completions", body);

        List<JsonNode> events = events(reply.body());
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        JsonNode first = events.get(0).path("choices").path(0).path("delta");
        assertThat(first.path("role").asText()).isEqualTo("assistant");
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(
                event.path("choices").path(0).path("delta").path("content").asText("")));
        assertThat(text).hasToString(answer("user:hello;assistant:", new Sampling.Greedy()));
        JsonNode last = events.get(events.size() - 2).path("choices").path(0);
        assertThat(last.path("finish_reason").asText()).isEqualTo("length");
        assertThat(events.get(events.size() - 1)
                        .path("usage")
                        .path("completion_tokens")
                        .asInt())
                .isEqualTo(8);
        assertThat(events)
                .extracting(event -> event.path("id").asText())
                .containsOnly(events.get(0).path("id").asText());
    }

    @Test
    void aCompletionGoesOnFromItsPromptAndEndsAtAStop() throws Exception {
        String whole = answer("hello", new Sampling.Greedy());
        String stop = whole.substring(3, 4);
        String body = JSON.createObjectNode()
                .put("prompt", "hello")
                .put("max_tokens", 8)
                .put("temperature", 0)
                .put("stop", stop)
                .toString();

        JsonNode json = JSON.readTree(post("/v1/completions", body).body());

        assertThat(json.path("object").asText()).isEqualTo("text_completion");
        JsonNode choice = json.path("choices").path(0);
        assertThat(choice.path("text").asText()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    }

    /** 64 streams at once over 4 places: each client gets the answer of its own seed. */
    @Test
    void manyStreamsAtOnceAreNotMixed() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            String body = "{\"prompt\": \"p%d\", \"max_tokens\": 8, \"seed\": %d, \"stream\": true}".formatted(i, i);
            replies.add(client.sendAsync(request("/v1/completions", body), BodyHandlers.ofString()));
        }
        for (int i = 0; i < 64; i++) {
            StringBuilder text = new StringBuilder();
            events(replies.get(i).get().body())
                    .forEach(event -> text.append(
                            event.path("choices").path(0).path("text").asText()));
            assertThat(text)
                    .as("answer %d", i)
                    .hasToString(answer("p" + i, new Sampling.Random(1, Sampling.Random.ALL_TOKENS, 1, i)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/v1/chat/completions | {                              | body: not JSON",
                "/v1/chat/completions | []                             | body: expected a JSON object",
                "/v1/chat/completions | {} {}                          | body: not JSON",
                "/v1/chat/completions | {}                             | messages: missing, expected a list of messages",
                "/v1/chat/completions | {\"messages\": []}             | messages: got none, expected at least one",
                "/v1/chat/completions | {\"messages\": [1]}            | messages[0].role: expected a text",
                "/v1/chat/completions | {\"messages\": [{\"role\": \"user\"}]} | messages[0].content: expected a text",
                "/v1/completions | {\"prompt\": [1, 2]}                | prompt: not valid, expected a text",
                "/v1/completions | {\"prompt\": \"a\", \"n\": 2}       | n: got 2, expected 1",
                "/v1/completions | {\"prompt\": \"a\", \"temperature\": -1} | temperature: got -1.0, expected a number >= 0",
                "/v1/completions | {\"prompt\": \"a\", \"temperature\": \"hot\"} | temperature: expected a number",
                "/v1/completions | {\"prompt\": \"a\", \"top_p\": 2}   | top_p: got 2.0, expected a number > 0 and <= 1",
                "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 13} | max_tokens: got 13, expected 1 to 12",
                "/v1/completions | {\"prompt\": \"a\", \"max_tokens\": 0} | max_tokens: got 0, expected 1 to 12",
                "/v1/completions | {\"prompt\": \"a\", \"seed\": \"b\"}  | seed: got \"b\", expected a whole number of 64 bits",
                "/v1/completions | {\"prompt\": \"a\", \"seed\": 1.5}  | seed: got 1.5, expected a whole number of 64 bits",
                "/v1/completions | {\"prompt\": \"a\", \"seed\": 9223372036854775808} | seed: got 9223372036854775808, expected",
                "/v1/completions | {\"prompt\": \"a\", \"stop\": \"\"}   | stop: got an empty text",
                "/v1/completions | {\"prompt\": \"a\", \"stream\": 1}  | stream: got 1, expected true or false",
                "/v1/completions | {\"prompt\": \"a\", \"logprobs\": 6} | logprobs: got 6, expected 0 to 5",
                "/v1/completions | {\"prompt\": \"a\", \"logprobs\": -1} | logprobs: got -1, expected 0 to 5",
                "/v1/completions | {\"prompt\": \"a\", \"logprobs\": true} | logprobs: got true, expected 0 to 5",
                "/v1/chat/completions | {\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"logprobs\": 3} | logprobs: got 3, expected true or false",
                "/v1/chat/completions | {\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"logprobs\": true, \"top_logprobs\": 21} | top_logprobs: got 21, expected 0 to 20",
                "/v1/chat/completions | {\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], \"top_logprobs\": 2} | expected logprobs: true beside it",
                "/v1/completions | {\"prompt\": \"a\", \"tools\": [1]} | tools: not supported",
                "/v1/completions | {\"prompt\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"} | expected at most 31",
                "/v1/completions | {\"prompt\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"stream\": true} | at most 31"
            })
    void whatIsWrongIsSaid(String path, String body, String message) throws Exception {
        HttpResponse<String> reply = post(path, body);

        assertThat(reply.statusCode()).isEqualTo(400);
        JsonNode error = JSON.readTree(reply.body()).path("error");
        assertThat(error.path("message").asText()).contains(message);
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    }

    /** Under the model itself: the same numbers as a forward pass over prompt and answer, whatever the temperature. */
    @Test
    void logprobsAreThoseOfTheModel() throws Exception {
        String body =
                "{\"prompt\": \"hello\", \"max_tokens\": 6, \"temperature\": 1.7, \"seed\": 3, \"logprobs\": 5%s}";
        JsonNode choice = JSON.readTree(
                        post("/v1/completions", body.formatted("")).body())
                .path("choices")
                .path(0);
        JsonNode logprobs = choice.path("logprobs");
        assertThat(logprobs.path("tokens")).hasSize(6);
        StringBuilder text = new StringBuilder();
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            assertThat(logprobs.path("text_offset").path(i).asInt()).isEqualTo(text.length());
            text.append(logprobs.path("tokens").path(i).asText());
            double logprob = logprobs.path("token_logprobs").path(i).asDouble();
            sum += logprob;
            JsonNode top = logprobs.path("top_logprobs").path(i);
            assertThat(top.size()).isBetween(1, 5);
            double likeliest = top.elements().next().asDouble();
            assertThat(top).allMatch(other -> other.asDouble() <= likeliest);
            assertThat(logprob).isLessThanOrEqualTo(likeliest + 1e-9);
        }
        assertThat(choice.path("text").asText()).startsWith(text.toString());
        assertThat(sum)
                .isCloseTo(
                        ServedFolder.logp(temp, "hello", 6, new Sampling.Random(1.7, Sampling.Random.ALL_TOKENS, 1, 3)),
                        within(1e-4));

        List<JsonNode> streamed = events(
                post("/v1/completions", body.formatted(", \"stream\": true")).body());
        List<Double> values = new ArrayList<>();
        streamed.forEach(event -> event.path("choices")
                .path(0)
                .path("logprobs")
                .path("token_logprobs")
                .forEach(value -> values.add(value.asDouble())));
        List<Double> whole = new ArrayList<>();
        logprobs.path("token_logprobs").forEach(value -> whole.add(value.asDouble()));
        assertThat(values).isEqualTo(whole);
    }

    @Test
    void aChatMayAskForAlternatives() throws Exception {
        JsonNode choice = JSON.readTree(
                        post("/v1/chat/completions", HELLO.formatted(", \"logprobs\": true, \"top_logprobs\": 2"))
                                .body())
                .path("choices")
                .path(0);
        JsonNode content = choice.path("logprobs").path("content");
        assertThat(content).hasSize(8);
        for (JsonNode entry : content) {
            assertThat(entry.path("top_logprobs")).hasSize(2);
            assertThat(entry.path("top_logprobs").path(0).path("logprob").asDouble())
                    .as("the greedy token is the likeliest")
                    .isEqualTo(entry.path("logprob").asDouble());
            byte[] bytes = entry.path("token").asText().getBytes(StandardCharsets.UTF_8);
            assertThat(entry.path("bytes")).hasSize(bytes.length);
        }
        JsonNode without =
                JSON.readTree(post("/v1/chat/completions", HELLO.formatted("")).body());
        assertThat(without.path("choices").path(0).path("logprobs").isNull()).isTrue();
        assertThat(without.path("choices").path(0).path("message")).isEqualTo(choice.path("message"));
    }

    @Test
    void twoModelsAnswerByTheirNames() throws Exception {
        server.close();
        try (AlignedModel other = AlignedModel.load(ServedFolder.another(temp), 1)) {
            Map<String, AlignedModel> both = new LinkedHashMap<>();
            both.put("tiny", model);
            both.put("other", other);
            server = serve(new Access.Open(), new Models(both));
            List<String> texts = new ArrayList<>();
            for (String name : List.of("tiny", "other", "gpt-4")) {
                String body =
                        "{\"prompt\": \"hello\", \"max_tokens\": 8, \"temperature\": 0, \"model\": \"" + name + "\"}";
                JsonNode reply = JSON.readTree(post("/v1/completions", body).body());
                texts.add(reply.path("choices").path(0).path("text").asText());
                assertThat(reply.path("model").asText()).isEqualTo(name.equals("other") ? "other" : "tiny");
            }
            assertThat(texts.get(0)).isEqualTo(texts.get(2)).isEqualTo(answer("hello", new Sampling.Greedy()));
            assertThat(texts.get(1)).isNotEqualTo(texts.get(0));
            assertThat(JSON.readTree(get("/v1/models").body()).path("data"))
                    .extracting(entry -> entry.path("id").asText())
                    .containsExactly("tiny", "other");
            server.close();
        }
    }

    @Test
    void thePageAsksNobodyButTheServer() throws Exception {
        server.close();
        server = serve(new Access.Bearer("secret"));
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'");
        assertThat(page.body())
                .contains("v1/chat/completions")
                .doesNotContain("http://", "https://", "innerHTML", "/* style */");
        assertThat(post("/", "").statusCode()).isEqualTo(405);
    }

    @Test
    void otherStatusesAreHttps() throws Exception {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/v1/chat/completions").statusCode()).isEqualTo(405);
        assertThat(get("/v1/chat/completions").headers().firstValue("Allow")).hasValue("POST");
        assertThat(post("/health", "").statusCode()).isEqualTo(405);
        assertThat(post("/v1/completions", " ".repeat(10_001)).statusCode()).isEqualTo(413);
        assertThat(get("/health").body()).isEqualTo("ok\n");
        assertThat(JSON.readTree(get("/v1/models").body())
                        .path("data")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo("tiny");
    }

    @Test
    void aBodyNestedWithoutEndIsRefused() throws Exception {
        HttpResponse<String> reply = post("/v1/chat/completions", "[".repeat(9_000));

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(reply.body()).path("error").path("message").asText())
                .contains("not JSON", "depth");
    }

    /** Pieces of valid requests in random order and random bytes: always a client's error, and the server lives on. */
    @Test
    void randomBodiesAreRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        String[] parts = {"{", "}", "[", "]", "\"messages\"", ":", ",", "\"role\"", "null", "1e999", "\"\\u0000\"", "-0"
        };
        for (int i = 0; i < 300; i++) {
            StringBuilder body = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                boolean part = random.nextInt(4) > 0;
                body.append(part ? parts[random.nextInt(parts.length)] : String.valueOf((char) random.nextInt(1, 256)));
            }
            assertThat(post("/v1/chat/completions", body.toString()).statusCode())
                    .as("body %s, seed %d", body, SEED)
                    .isEqualTo(400);
        }
        assertThat(post("/v1/chat/completions", HELLO.formatted("")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void onlyTheTokenIsLetIn() throws Exception {
        server.close();
        server = serve(new Access.Bearer("secret"));
        HttpRequest.Builder models = HttpRequest.newBuilder(uri("/v1/models"));

        assertThat(get("/v1/models").statusCode()).isEqualTo(401);
        assertThat(post("/v1/completions", "{}").statusCode()).isEqualTo(401);
        assertThat(get("/metrics").statusCode()).isEqualTo(401);
        assertThat(get("/health").statusCode()).isEqualTo(200);
        HttpRequest right = models.header("Authorization", "Bearer secret").build();
        assertThat(client.send(right, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatGoesAwayTakesNoPlace() throws Exception {
        String body = "{\"prompt\": \"a\", \"stream\": true}";
        for (int i = 0; i < 8; i++) {
            try (Socket socket =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                String request = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body;
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
        }
        for (int i = 0; i < 8; i++) {
            assertThat(post("/v1/chat/completions", HELLO.formatted("")).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void metricsCountWhatWasDone() throws Exception {
        post("/v1/chat/completions", HELLO.formatted(""));
        post("/v1/completions", "{}");

        assertThat(get("/metrics").body())
                .contains(
                        "dilort_replies_total{code=\"200\"} 1\n",
                        "dilort_replies_total{code=\"400\"} 1\n",
                        "dilort_prompt_tokens_total 21\n",
                        "dilort_completion_tokens_total 8\n",
                        "dilort_answers_running 0\n",
                        "dilort_answer_seconds_count 1\n");
    }

    @Test
    void afterItsEndNobodyListens() throws Exception {
        URI health = uri("/health");
        server.close();

        assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.ofString()))
                .isInstanceOf(ConnectException.class);
    }
}
