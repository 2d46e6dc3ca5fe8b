package org.dilort.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.dilort.error.ConfigException;
import org.dilort.files.DurableFiles;
import org.dilort.train.EvaluationReport;
import org.dilort.train.Outcome;
import org.dilort.train.RunFailedException;
import org.dilort.train.StepReport;
import org.dilort.train.Warnings;

/**
 * Tells an MLflow server of a run: its configuration as parameters, every metric under its name in {@code metrics.jsonl}, and how it
 * ended. The server must be there when the run begins; later it may be slow or gone, which the run neither waits for nor ends by.
 * Numbers that are not finite are left out. A resumed run goes on in the server's run that {@code mlflow.json} names.
 */
public final class MlflowLog implements Monitor {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KEPT = 100_000;

    private final MlflowServer server;
    private final String run;
    private final Clock clock;
    private final Warnings warnings;
    private final Outbox<MlflowServer.Metric> outbox;
    private String status = "FAILED";

    /**
     * What to tell, and where.
     *
     * @param url of the server
     * @param file keeps the server's name of the run
     * @param params of the run
     * @param limit for an answer, and for what is left to be sent at the end
     */
    public record Settings(
            String url, String experiment, String run, Path file, Map<String, String> params, Duration limit) {
        public Settings {
            params = Map.copyOf(params);
        }
    }

    private MlflowLog(MlflowServer server, String run, Duration limit, Clock clock, Warnings warnings) {
        this.server = server;
        this.run = run;
        this.clock = clock;
        this.warnings = warnings;
        this.outbox =
                new Outbox<>(KEPT, MlflowServer.MOST_METRICS, limit, batch -> server.metrics(run, batch), this::warn);
    }

    /**
     * Begins a run on the server, or goes on with one.
     *
     * @param environment has the names and passwords
     * @throws ConfigException where the server does not answer as one
     */
    public static MlflowLog open(Settings settings, Map<String, String> environment, Clock clock, Warnings warnings) {
        MlflowServer server = new MlflowServer(settings.url(), environment, settings.limit());
        try {
            String run = run(server, settings, clock);
            return new MlflowLog(server, run, settings.limit(), clock, warnings);
        } catch (MlflowServer.Refusal e) {
            server.close();
            throw new ConfigException("log.mlflow: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            server.close();
            Thread.currentThread().interrupt();
            throw new RunFailedException("log.mlflow: interrupted", e);
        }
    }

    private static String run(MlflowServer server, Settings settings, Clock clock)
            throws MlflowServer.Refusal, InterruptedException {
        String before = remembered(settings);
        if (!before.isEmpty() && server.hasRun(before)) {
            server.update(before, "RUNNING", clock.millis());
            return before;
        }
        String experiment = server.experiment(settings.experiment());
        String run = server.createRun(experiment, settings.run(), clock.millis());
        server.params(run, settings.params());
        remember(settings, run);
        return run;
    }

    /** Of the same server; empty where there is none, or none that can be read. */
    private static String remembered(Settings settings) {
        if (!Files.exists(settings.file())) {
            return "";
        }
        try {
            JsonNode known = JSON.readTree(Files.readString(settings.file()));
            return known.path("url").asText().equals(settings.url())
                    ? known.path("run_id").asText()
                    : "";
        } catch (JsonProcessingException e) {
            return "";
        } catch (IOException e) {
            throw notKept(settings.file(), e);
        }
    }

    private static void remember(Settings settings, String run) {
        String text = JSON.createObjectNode()
                        .put("url", settings.url())
                        .put("run_id", run)
                        .toPrettyString()
                + "\n";
        try {
            DurableFiles.replace(settings.file(), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw notKept(settings.file(), e);
        }
    }

    private static RunFailedException notKept(Path file, IOException cause) {
        return new RunFailedException(file + ": cannot be used: " + DurableFiles.reason(cause), cause);
    }

    @Override
    public void onStep(StepReport report) {
        report.metrics().forEach((name, value) -> add(name, value, report.step()));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        report.metrics().forEach((name, value) -> add("eval_" + name, value, report.step()));
    }

    @Override
    public void onEnd(Outcome outcome) {
        status = outcome instanceof Outcome.Completed ? "FINISHED" : "KILLED";
    }

    private void add(String name, double value, long step) {
        if (Double.isFinite(value)) {
            outbox.add(new MlflowServer.Metric(name, value, clock.millis(), step));
        }
    }

    private void warn(String line) {
        warnings.warn(line.startsWith("log.mlflow") ? line : "log.mlflow: " + line);
    }

    /** Sends what is left, and how the run ended. */
    @Override
    public void close() {
        outbox.close();
        try (server) {
            server.update(run, status, clock.millis());
        } catch (MlflowServer.Refusal e) {
            warn(e.getMessage() + "; the server does not know that the run is " + status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
