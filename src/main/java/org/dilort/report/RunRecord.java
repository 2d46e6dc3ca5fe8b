package org.dilort.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.dilort.error.DataException;
import org.dilort.files.DurableFiles;

/**
 * Everything that the folder of a run tells about it: {@code summary.json}, {@code metrics.jsonl}, {@code samples.jsonl},
 * {@code remarks.jsonl} and {@code config.yaml}. All but the metrics may be missing, as early in a run they are.
 *
 * @param name of the folder
 * @param samples answers at several steps, each an object with step, index, prompt, chosen and answer
 * @param remarks of the doctor, each an object with step, severity, text and page
 * @param config empty where there is none
 */
record RunRecord(
        String name,
        RunSummary summary,
        Metrics metrics,
        List<JsonNode> samples,
        List<JsonNode> remarks,
        String config) {
    static final String METRICS = "metrics.jsonl";
    static final String SAMPLES = "samples.jsonl";
    static final String REMARKS = "remarks.jsonl";
    private static final String HELD_OUT = "eval_";
    private static final String CONFIG = "config.yaml";
    private static final int MOST_LINES = 2000;
    private static final int MOST_CONFIG_BYTES = 1 << 20;
    private static final RunSummary UNKNOWN =
            new RunSummary(RunSummary.State.BEGUN, "", List.of(), 0, List.of(), new TreeMap<>(), new TreeMap<>());

    RunRecord {
        samples = List.copyOf(samples);
        remarks = List.copyOf(remarks);
    }

    /** @throws DataException for a folder that no run has written, and for files that cannot be read */
    static RunRecord read(Path folder) {
        Metrics metrics = Metrics.of(folder.resolve(METRICS));
        requireRun(folder);
        return read(folder, metrics);
    }

    /** With metrics that were read before and are brought up to date. */
    static RunRecord read(Path folder, Metrics metrics) {
        try {
            metrics.update();
            Path summary = folder.resolve(RunSummary.FILE);
            return new RunRecord(
                    folder.toAbsolutePath().normalize().getFileName().toString(),
                    Files.exists(summary) ? RunSummary.read(summary) : UNKNOWN,
                    metrics,
                    lines(folder.resolve(SAMPLES)),
                    lines(folder.resolve(REMARKS)),
                    config(folder.resolve(CONFIG)));
        } catch (IOException e) {
            throw new DataException(folder + ": cannot be read: " + DurableFiles.reason(e), e);
        }
    }

    static void requireRun(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + ": no such folder, expected the output folder of a run");
        }
        if (!Files.exists(folder.resolve(METRICS)) && !Files.exists(folder.resolve(CONFIG))) {
            throw new DataException(
                    folder + ": neither " + METRICS + " nor " + CONFIG + " in it, expected the output folder of a run");
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        return Files.exists(file) ? LinesOfFile.all(file, MOST_LINES) : List.of();
    }

    private static String config(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) <= MOST_CONFIG_BYTES ? Files.readString(file) : "";
    }

    /**
     * A metric by step; what was measured of the held-out pairs before training is its value at step 0. But all rewards are
     * 0 there, so that none is greater: that says nothing.
     */
    Series series(String metric) {
        Series series = metrics.of(metric);
        if (metric.equals(HELD_OUT + "rewards/accuracies")) {
            return series;
        }
        String measured = metric.startsWith(HELD_OUT) ? metric.substring(HELD_OUT.length()) : "";
        double before = summary.before().getOrDefault(measured, Double.NaN);
        return series.size() == 0 || Double.isNaN(before) ? series : series.after(0, before);
    }

    /** The steps of the whole run, or those that were done where that is not known. */
    long steps() {
        return Math.max(summary.steps(), metrics.lastStep());
    }
}
