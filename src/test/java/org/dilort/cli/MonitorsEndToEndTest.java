package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code log.mlflow} and {@code log.prometheus}, against a server that keeps what it is told as MLflow's REST API names it. */
@Timeout(120)
class MonitorsEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "/api/2.0/mlflow/";

    @TempDir
    private Path temp;

    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final List<JsonNode> metrics = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> params = new ConcurrentHashMap<>();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private HttpServer server;
    private String url;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream in = exchange.getRequestBody()) {
            String call = exchange.getRequestURI().getPath().replace(API, "");
            JsonNode body = JSON.readTree(in);
            calls.add(call + (body.has("status") ? " " + body.get("status").asText() : ""));
            Integer status = failing.get(call);
            byte[] text = (status == null
                            ? answers.getOrDefault(call, reply(call, body))
                            : "{\"message\": \"not today\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == null ? 200 : status, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private String reply(String call, JsonNode body) {
        return switch (call) {
            case "experiments/get-by-name" -> "{\"experiment\": {\"experiment_id\": \"7\"}}";
            case "experiments/create" -> "{\"experiment_id\": \"8\"}";
            case "runs/create" -> "{\"run\": {\"info\": {\"run_id\": \"r1\"}}}";
            case "runs/log-batch" -> {
                body.path("metrics").forEach(metrics::add);
                body.path("params")
                        .forEach(param -> params.put(
                                param.get("key").asText(), param.get("value").asText()));
                yield "{}";
            }
            default -> "{}";
        };
    }

    private CommandLineRun train(String... more) {
        List<String> overrides = new ArrayList<>(List.of(
                "log.mlflow.url=" + url,
                "data.eval=src/test/resources/job/held-out.jsonl",
                "train.eval_every=3",
                "train.save_every=3"));
        overrides.addAll(List.of(more));
        return EndToEndRun.train(temp.resolve("out"), overrides.toArray(String[]::new));
    }

    private List<Long> steps(String key) {
        return metrics.stream()
                .filter(metric -> metric.get("key").asText().equals(key))
                .map(metric -> metric.get("step").asLong())
                .toList();
    }

    @Test
    void aRunIsToldWithItsConfigurationAndItsMetrics() throws IOException {
        EndToEndRun.assertSucceeded(train());

        assertThat(calls).startsWith("experiments/get-by-name", "runs/create", "runs/log-batch");
        assertThat(calls.get(calls.size() - 1)).isEqualTo("runs/update FINISHED");
        assertThat(params).containsEntry("train.save_every", "3").containsEntry("head.name", "lsif");
        RunFiles run = new RunFiles(temp.resolve("out"));
        assertThat(steps("loss")).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(metrics.stream()
                        .filter(metric -> metric.get("key").asText().equals("loss"))
                        .map(metric -> metric.get("value").asDouble()))
                .isEqualTo(run.losses());
        assertThat(steps("eval_accuracy")).containsExactly(3L, 6L);
        JsonNode first = run.steps().get(0);
        long told = StreamSupport.stream(metrics.spliterator(), false)
                .filter(metric -> metric.get("step").asLong() == 1)
                .count();
        assertThat(told).as("all but step and num_tokens").isEqualTo(first.size() - 2);
    }

    @Test
    void aResumedRunGoesOnInTheSame() throws IOException {
        EndToEndRun.assertSucceeded(train());
        Files.writeString(temp.resolve("out/checkpoints/step-00000006/trainer.json"), "damaged");
        metrics.clear();
        calls.clear();
        assertThat(train("train.resume=true").exitCode()).isZero();
        assertThat(calls).startsWith("runs/get", "runs/update RUNNING").doesNotContain("runs/create");
        assertThat(steps("loss")).containsExactly(4L, 5L, 6L);

        failing.put("runs/get", 404);
        calls.clear();
        assertThat(train("train.resume=true").exitCode()).isZero();
        assertThat(calls).contains("runs/create");
    }

    @Test
    void anExperimentIsMadeWhereThereIsNone() {
        failing.put("experiments/get-by-name", 404);
        EndToEndRun.assertSucceeded(train());
        assertThat(calls).contains("experiments/create");
    }

    @Test
    void aServerThatGoesAwayDoesNotStopTheRun() {
        failing.put("runs/update", 503);
        CommandLineRun run = train();
        assertThat(run.exitCode()).isZero();
        assertThat(run.err())
                .isEqualTo("warning: log.mlflow: " + url + " (runs/update): status 503: not today; the server does not"
                        + " know that the run is FINISHED\n");
        assertThat(new RunFiles(temp.resolve("out")).steps()).hasSize(6);
    }

    @Test
    void aServerThatIsNoneIsSaidBeforeAnythingIsDone() throws IOException {
        failing.put("experiments/get-by-name", 401);
        assertRefused("log.mlflow: " + url + " (experiments/get-by-name): status 401: not today");
        failing.clear();
        stop();
        CommandLineRun gone = train();
        assertThat(gone.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(gone.err())
                .isEqualTo("dil-ort: log.mlflow: " + url
                        + " (experiments/get-by-name): no answer: no connection could be" + " made\n");
        assertThat(temp.resolve("out/metrics.jsonl")).doesNotExist();
    }

    @Test
    void aServerOfAnotherKindIsNamed() {
        answers.put("experiments/get-by-name", "null");
        assertRefused("log.mlflow: " + url + " (experiments/get-by-name): its answer has no /experiment/experiment_id,"
                + " expected an MLflow server");
    }

    private void assertRefused(String message) {
        CommandLineRun run = train();
        assertThat(run).extracting(CommandLineRun::exitCode).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(run.err()).isEqualTo("dil-ort: " + message + "\n");
        assertThat(temp.resolve("out/checkpoints")).doesNotExist();
    }

    @Test
    void addressesAreChecked() {
        for (String wrong : List.of("ftp://h", "h:5000", "http://user:secret@h", "http://h?a=b", "http://h:99999")) {
            CommandLineRun run = EndToEndRun.train(temp.resolve("out"), "log.mlflow={url: '" + wrong + "'}");
            assertThat(run.exitCode()).as(wrong).isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(run.err()).startsWith("dil-ort: log.mlflow").hasLineCount(1);
        }
        for (String wrong : List.of("70000", "-1", "a:b", ":", "::1:80", "x")) {
            CommandLineRun run = EndToEndRun.train(temp.resolve("out"), "log.prometheus=\"" + wrong + "\"");
            assertThat(run.err())
                    .as(wrong)
                    .startsWith("dil-ort: log.prometheus: got ")
                    .hasLineCount(1);
        }
    }

    @Test
    void aPortThatIsTakenIsSaidBeforeAnythingIsDone() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandLineRun run = EndToEndRun.train(temp.resolve("out"), "log.prometheus=" + taken.getLocalPort());
            assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
            assertThat(run.err())
                    .startsWith("dil-ort: log.prometheus: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasLineCount(1);
        }
        CommandLineRun free = EndToEndRun.train(temp.resolve("out"), "log.prometheus=0");
        EndToEndRun.assertSucceeded(free);
        assertThat(free.out()).containsPattern("metrics: http://127.0.0.1:[1-9][0-9]*/metrics\n");
    }
}
