package org.dilort.monitor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.error.ConfigException;
import org.dilort.net.HostPort;
import org.dilort.net.PrometheusText;
import org.dilort.net.PrometheusText.Kind;
import org.dilort.net.ReadOnlyServer;
import org.dilort.train.EvaluationReport;
import org.dilort.train.LoopState;
import org.dilort.train.Outcome;
import org.dilort.train.StepReport;

/**
 * The newest figures of a run under {@code GET /metrics}, for Prometheus: those of a step as {@code dilort_train_NAME}, those of an
 * evaluation as {@code dilort_eval_NAME}, those of held-out pairs with a name once more with the label {@code set}.
 */
public final class PrometheusLog implements Monitor {
    private static final int THREADS = 2;

    /** What a figure is that is no metric of a step. */
    private static final Map<String, String> MEANINGS = Map.of(
            "checkpoint_step", "step of the newest checkpoint",
            "evaluation_step", "step of the newest evaluation",
            "last_step_timestamp_seconds", "when the newest step ended, in seconds since 1970",
            "running", "1 while steps are trained, 0 after the last",
            "steps", "optimizer steps of the whole run");

    private final Map<String, String> labels;
    private final Clock clock;
    private final ReadOnlyServer server;
    private final SortedMap<String, Double> gauges = new TreeMap<>();
    private SortedMap<String, SortedMap<String, Double>> evaluation = new TreeMap<>();
    private LoopState state = LoopState.start();

    private PrometheusLog(InetSocketAddress address, String run, Clock clock) throws IOException {
        this.labels = Map.of("run", run);
        this.clock = clock;
        this.server = ReadOnlyServer.start(
                address,
                THREADS,
                Map.of("/metrics", () -> new ReadOnlyServer.Reply.Text(200, PrometheusText.TYPE, text())));
    }

    /**
     * Serves until it is closed.
     *
     * @param run label of every figure
     * @throws ConfigException where the address cannot be had
     */
    public static PrometheusLog open(InetSocketAddress address, String run, Clock clock) {
        try {
            return new PrometheusLog(address, run, clock);
        } catch (IOException e) {
            throw new ConfigException(
                    "log.prometheus: cannot listen on " + HostPort.text(address) + ": " + e.getMessage(), e);
        }
    }

    /** With the port that was taken where 0 was asked for. */
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public synchronized void onStart(LoopState start) {
        state = start;
        gauges.put("running", 1.0);
    }

    @Override
    public synchronized void onStep(StepReport report) {
        state = report.state();
        report.metrics().forEach((name, value) -> gauges.put(PrometheusText.name(name), value));
        gauges.put("steps", (double) report.steps());
        gauges.put("last_step_timestamp_seconds", clock.millis() / 1e3);
    }

    @Override
    public synchronized void onEvaluation(EvaluationReport report) {
        evaluation = report.bySet();
        gauges.put("evaluation_step", (double) report.step());
    }

    @Override
    public synchronized void onCheckpoint(long step, Path folder) {
        gauges.put("checkpoint_step", (double) step);
    }

    @Override
    public synchronized void onEnd(Outcome outcome) {
        gauges.put("running", 0.0);
    }

    private synchronized String text() {
        PrometheusText text = new PrometheusText();
        text.single("dilort_train_step", Kind.GAUGE, "optimizer steps that are done", labels, state.step());
        text.single(
                "dilort_train_tokens_total",
                Kind.COUNTER,
                "tokens of both sequences so far",
                labels,
                state.numTokens());
        text.single(
                "dilort_train_skipped_updates_total",
                Kind.COUNTER,
                "updates that were skipped, their gradient not being finite",
                labels,
                state.skippedUpdates());
        gauges.forEach((name, value) -> {
            String help = MEANINGS.getOrDefault(name, name + " of the newest step");
            text.single("dilort_train_" + name, Kind.GAUGE, help, labels, value);
        });
        byMetric().forEach((metric, bySet) -> {
            String name = "dilort_eval_" + PrometheusText.name(metric);
            text.family(name, Kind.GAUGE, metric + " of the newest evaluation");
            bySet.forEach((set, value) -> text.sample(name, ofSet(set), value));
        });
        return text.toString();
    }

    private Map<String, String> ofSet(String set) {
        Map<String, String> all = new TreeMap<>(labels);
        if (!set.isEmpty()) {
            all.put("set", set);
        }
        return all;
    }

    private SortedMap<String, SortedMap<String, Double>> byMetric() {
        SortedMap<String, SortedMap<String, Double>> byMetric = new TreeMap<>();
        evaluation.forEach((set, metrics) -> metrics.forEach((metric, value) ->
                byMetric.computeIfAbsent(metric, name -> new TreeMap<>()).put(set, value)));
        return byMetric;
    }

    @Override
    public void close() {
        server.close();
    }
}
