package org.dilort.train;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells a person how the run goes: on a terminal one line that is drawn over after every step, elsewhere a plain line
 * every so many steps. Skipped updates, evaluations and checkpoints have lines of their own in both.
 */
public final class ProgressLine implements TrainingListener, AutoCloseable {

    /** Where the lines go. */
    public enum Style {
        TERMINAL,
        PLAIN
    }

    private final PrintStream out;
    private final Style style;
    private final long logEvery;
    private final NanoClock clock;
    private long startStep;
    private long startNanos;
    private int drawnColumns;

    /** @param logEvery steps from one plain line to the next; the last step has one in any case */
    public ProgressLine(PrintStream out, Style style, long logEvery, NanoClock clock) {
        if (logEvery < 1) {
            throw new IllegalArgumentException("log every " + logEvery + " steps, expected 1 or more");
        }
        this.out = out;
        this.style = style;
        this.logEvery = logEvery;
        this.clock = clock;
    }

    @Override
    public void onStart(LoopState state) {
        startStep = state.step();
        startNanos = clock.nanos();
    }

    @Override
    public void onStep(StepReport report) {
        if (!report.update().applied()) {
            printLine("step " + report.step() + ": gradient not finite, update skipped ("
                    + report.state().skippedUpdates() + " so far)");
        }
        switch (style) {
            case TERMINAL -> draw(text(report));
            case PLAIN -> {
                if (report.step() % logEvery == 0 || report.step() == report.steps()) {
                    printLine(text(report));
                }
            }
        }
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        report.bySet().forEach((set, metrics) -> {
            StringBuilder line = new StringBuilder("evaluation at step ").append(report.step());
            line.append(set.isEmpty() ? "" : ", " + set);
            metrics.forEach((name, value) -> line.append("  ").append(name).append(format(" %.4f", value)));
            printLine(line.toString());
        });
    }

    @Override
    public void onCheckpoint(long step, Path folder) {
        printLine("checkpoint " + folder);
    }

    @Override
    public void onEnd(Outcome outcome) {
        endDrawnLine();
    }

    /** Ends a drawn line; the stream stays open. */
    @Override
    public void close() {
        endDrawnLine();
    }

    private String text(StepReport report) {
        String pairs = report.means() instanceof PairMeans.ChosenAndRejected both
                ? format("  accuracy %.3f  margin %.4f", both.accuracy(), both.margin())
                : "";
        return format("step %d/%d  loss %.4f", report.step(), report.steps(), report.loss())
                + pairs
                + format("  lr %.2e  %.0f tok/s", report.learningRate(), report.tokensPerSecond())
                + "  eta " + duration(secondsLeft(report));
    }

    /** From the mean time of this process's steps, evaluations and checkpoints between them included. */
    private long secondsLeft(StepReport report) {
        double perStep = clock.secondsSince(startNanos) / (report.step() - startStep);
        return Math.round(perStep * (report.steps() - report.step()));
    }

    private void draw(String text) {
        String blanks = " ".repeat(Math.max(0, drawnColumns - text.length()));
        out.print("\r" + text + blanks);
        out.flush();
        drawnColumns = text.length();
    }

    private void printLine(String text) {
        endDrawnLine();
        out.println(text);
        out.flush();
    }

    /** Ends a drawn line, so that what is printed next, here or elsewhere, begins a line. */
    public void endDrawnLine() {
        if (drawnColumns > 0) {
            out.println();
            out.flush();
            drawnColumns = 0;
        }
    }

    private static String duration(long seconds) {
        return seconds < 3600
                ? format("%d:%02d", seconds / 60, seconds % 60)
                : format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
