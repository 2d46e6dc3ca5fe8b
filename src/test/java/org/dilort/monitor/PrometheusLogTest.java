package org.dilort.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.runtime.UpdateResult;
import org.dilort.train.EvaluationReport;
import org.dilort.train.HeadShares;
import org.dilort.train.LoopState;
import org.dilort.train.Outcome;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrometheusLogTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(12_500), ZoneOffset.UTC);

    private static String text(PrometheusLog log) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + log.address().getPort() + "/metrics");
        HttpResponse<String> reply = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        return reply.body();
    }

    @Test
    void tellsTheNewestFigures() throws Exception {
        try (PrometheusLog log = PrometheusLog.open(ANY, "a \"run\"", CLOCK)) {
            String run = "{run=\"a \\\"run\\\"\"}";
            log.onStart(LoopState.start());
            assertThat(text(log)).contains("dilort_train_step" + run + " 0\n", "dilort_train_running" + run + " 1\n");

            LoopState state = new LoopState(3, 2, 1, 0, 0.5, 360);
            log.onStep(new StepReport(
                    state,
                    8,
                    Double.NaN,
                    5e-7,
                    new UpdateResult(2.5, true),
                    new PairMeans.ChosenOnly(1, -2, new HeadShares(0, 0)),
                    18,
                    9,
                    12,
                    0.5));
            log.onEvaluation(
                    new EvaluationReport(3, new TreeMap<>(Map.of("logps/chosen", -4.5, "a-b_logps/chosen", -3.0))));
            log.onCheckpoint(3, Path.of("unused"));
            log.onEnd(new Outcome.Completed(state));
            assertThat(text(log).lines())
                    .contains(
                            "# TYPE dilort_train_tokens_total counter",
                            "dilort_train_step" + run + " 3",
                            "# HELP dilort_train_steps optimizer steps of the whole run",
                            "dilort_train_steps" + run + " 8",
                            "dilort_train_tokens_total" + run + " 360",
                            "dilort_train_skipped_updates_total" + run + " 1",
                            "dilort_train_loss" + run + " NaN",
                            "dilort_train_learning_rate" + run + " 5.0E-7",
                            "dilort_train_logps_chosen" + run + " -2",
                            "dilort_train_last_step_timestamp_seconds" + run + " 12.5",
                            "dilort_train_checkpoint_step" + run + " 3",
                            "dilort_train_running" + run + " 0",
                            "# TYPE dilort_eval_logps_chosen gauge",
                            "dilort_eval_logps_chosen" + run + " -4.5",
                            "dilort_eval_logps_chosen{run=\"a \\\"run\\\"\",set=\"a-b\"} -3")
                    .doesNotHaveDuplicates();
        }
    }
}
