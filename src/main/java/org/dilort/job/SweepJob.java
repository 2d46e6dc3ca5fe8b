package org.dilort.job;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.dilort.config.Config;
import org.dilort.config.ConfigLoader;
import org.dilort.config.Sweep;
import org.dilort.error.ConfigException;
import org.dilort.error.RunFailure;
import org.dilort.files.DurableFiles;
import org.dilort.report.Headline;
import org.dilort.report.Report;
import org.dilort.report.RunGroup;
import org.dilort.report.RunSummary;
import org.dilort.train.NanoClock;
import org.dilort.train.Outcome;
import org.dilort.train.ProgressLine;
import org.dilort.train.StopSignal;

/**
 * {@code dil-ort sweep}: the runs of a sweep one after the other, then a table, {@code report.html} and {@code curves.svg} of them
 * all. A run that is complete is not run again, one that was interrupted is gone on with, and one that failed leaves the
 * others to go on.
 */
public final class SweepJob {
    private static final String LOG = "train.log";
    private static final String CONFIG = "config.yaml";
    private static final String CURVES = "curves.svg";

    private final Sweep sweep;
    private final JobOutput output;
    private final NanoClock clock;
    private final List<Sweep.Run> failed = new ArrayList<>();

    private SweepJob(Sweep sweep, JobOutput output, NanoClock clock) {
        this.sweep = sweep;
        this.output = output;
        this.clock = clock;
    }

    /** How a sweep ended. */
    public sealed interface Ending {
        /** @param failed runs without a result */
        record Done(int failed) implements Ending {}

        record Interrupted(StopSignal.Cause cause) implements Ending {}
    }

    public static Ending run(Sweep sweep, JobOutput output, StopSignal stop, NanoClock clock) {
        sweep.runs().forEach(run -> ConfigCheck.run(run.config()));
        return new SweepJob(sweep, output, clock).run(stop);
    }

    private Ending run(StopSignal stop) {
        for (int i = 0; i < sweep.runs().size(); i++) {
            Sweep.Run run = sweep.runs().get(i);
            String name =
                    String.format(Locale.ROOT, "%d/%d %s", i + 1, sweep.runs().size(), name(run));
            Optional<StopSignal.Cause> interrupted = run(run, name, stop);
            if (interrupted.isPresent()) {
                return new Ending.Interrupted(interrupted.get());
            }
        }
        tell();
        return new Ending.Done(failed.size());
    }

    private static String name(Sweep.Run run) {
        String folder = run.config().output().getFileName().toString();
        return folder.startsWith("seed-") ? run.group() + ", " + folder.replace('-', ' ') : run.group();
    }

    private Optional<StopSignal.Cause> run(Sweep.Run run, String name, StopSignal stop) {
        Path folder = run.config().output();
        if (isComplete(run.config())) {
            output.line(name + ": complete before" + result(folder));
            return Optional.empty();
        }
        long began = clock.nanos();
        try (PrintStream log = log(folder)) {
            JobOutput own = new JobOutput(log, log, ProgressLine.Style.PLAIN);
            if (TrainJob.run(run.config(), own, stop) instanceof Outcome.Interrupted interrupted) {
                return Optional.of(interrupted.cause());
            }
            output.line(String.format(Locale.ROOT, "%s: %.0f s%s", name, clock.secondsSince(began), result(folder)));
        } catch (RunFailure e) {
            failed.add(run);
            output.warn(name + ": failed: " + e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * Whether the run is there already, to its end.
     *
     * @throws ConfigException where another run is in its place
     */
    private static boolean isComplete(Config config) {
        Path folder = config.output();
        Path summary = folder.resolve(RunSummary.FILE);
        try {
            if (!Files.exists(summary) || RunSummary.read(summary).state() != RunSummary.State.COMPLETED) {
                return false;
            }
        } catch (IOException e) {
            return false;
        }
        if (!ConfigLoader.load(folder.resolve(CONFIG), List.of()).equals(config)) {
            throw new ConfigException("output: " + folder + " holds a run of another configuration ("
                    + folder.resolve(CONFIG) + "), expected a new folder, or that one out of the way");
        }
        return true;
    }

    private static PrintStream log(Path folder) {
        try {
            Files.createDirectories(folder);
            return new PrintStream(Files.newOutputStream(folder.resolve(LOG)), true, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ConfigException("output: " + folder + " cannot be used: " + DurableFiles.reason(e), e);
        }
    }

    private static String result(Path folder) {
        try {
            SortedMap<String, Double> after =
                    RunSummary.read(folder.resolve(RunSummary.FILE)).after();
            StringBuilder text = new StringBuilder();
            for (Headline headline : Headline.values()) {
                double value = after.getOrDefault(headline.metric(), Double.NaN);
                text.append(
                        Double.isNaN(value) ? "" : String.format(Locale.ROOT, ", %s %.4f", headline.metric(), value));
            }
            return text.toString();
        } catch (IOException e) {
            return "";
        }
    }

    private void tell() {
        Map<String, List<Path>> groups = new LinkedHashMap<>();
        for (Sweep.Run run : sweep.runs()) {
            if (!failed.contains(run)) {
                groups.computeIfAbsent(run.group(), group -> new ArrayList<>())
                        .add(run.config().output());
            }
        }
        if (groups.isEmpty()) {
            return;
        }
        List<RunGroup> complete = new ArrayList<>();
        groups.forEach((name, folders) -> complete.add(new RunGroup(name, folders)));
        Report.table(complete).forEach(output::line);
        Path page = sweep.output().resolve(Report.FILE);
        Report.ofRuns(sweep.name(), complete, page);
        Report.chart(sweep.name(), complete, sweep.output().resolve(CURVES));
        output.line("report: " + page + ", curves: " + sweep.output().resolve(CURVES));
    }
}
