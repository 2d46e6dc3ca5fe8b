package org.dilort.train;

import java.nio.file.Path;

/**
 * {@code metrics.jsonl}: one JSON line per optimizer step and one per evaluation, in the order in which they happened; a
 * checkpoint brings the lines before it to the disk.
 */
public final class MetricsLog implements TrainingListener, AutoCloseable {
    private final StepLog lines;

    private MetricsLog(StepLog lines) {
        this.lines = lines;
    }

    /** Starts an empty log; what the file held before is gone. */
    public static MetricsLog create(Path file) {
        return new MetricsLog(StepLog.create(file));
    }

    /** Goes on after the lines up to {@code step}, as {@link StepLog#resume} says. */
    public static MetricsLog resume(Path file, long step, Warnings warnings) {
        return new MetricsLog(StepLog.resume(file, step, warnings));
    }

    @Override
    public void onStep(StepReport report) {
        lines.append(MetricsLines.of(report));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        lines.append(MetricsLines.of(report));
    }

    @Override
    public void onCheckpoint(long step, Path folder) {
        lines.force();
    }

    @Override
    public void onEnd(Outcome outcome) {
        lines.force();
    }

    @Override
    public void close() {
        lines.close();
    }
}
