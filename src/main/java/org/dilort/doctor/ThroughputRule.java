package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * {@value #STEPS} steps in a row, together {@value #SECONDS} seconds or longer, each with fewer than half the tokens per
 * second that the median of up to {@value #OLDER} steps before them had (at least {@value #LEAST}). Short steps vary by
 * themselves, and nobody waits for them.
 */
final class ThroughputRule implements Rule {
    private static final int STEPS = 5;
    private static final double SECONDS = 60;
    private static final int OLDER = 100;
    private static final int LEAST = 20;
    private static final double SHARE = 0.5;

    private final Window newest = new Window(STEPS);
    private final Window seconds = new Window(STEPS);
    private final Window older = new Window(OLDER);
    private final Onset onset = new Onset();

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        newest.add(report.tokensPerSecond(), older);
        seconds.add(report.seconds());
        double before = older.median();
        boolean slow = older.size() >= LEAST && newest.max() < SHARE * before && seconds.mean() * STEPS >= SECONDS;
        if (!onset.of(slow)) {
            return Optional.empty();
        }
        return Optional.of(Topic.SLOW_STEPS.warning(
                report.step(),
                "tokens_per_second is " + Numbers.of(newest.median()) + " over the last " + STEPS
                        + " steps, expected about the " + Numbers.of(before) + " of the " + older.size()
                        + " before: something else uses this machine, memory is being swapped, or the processor is"
                        + " throttled; look at what else runs (top, nvidia-smi)"));
    }
}
