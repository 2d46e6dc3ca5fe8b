package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * Single steps with a great gradient are usual, above all for lsif, and clipping is there for them. If the median of the
 * last {@value #NEWEST} norms is {@value #TIMES} times that of up to {@value #OLDER} before them (at least {@value
 * #LEAST}), the gradient has grown for good.
 */
final class GradientNormRule implements Rule {
    private static final int NEWEST = 5;
    private static final int OLDER = 50;
    private static final int LEAST = 20;
    private static final double TIMES = 10;

    private final Window newest = new Window(NEWEST);
    private final Window older = new Window(OLDER);
    private final Onset onset = new Onset();

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (!report.update().applied()) {
            return Optional.empty();
        }
        newest.add(report.update().gradientNorm(), older);
        double now = newest.median();
        double before = older.median();
        if (!onset.of(older.size() >= LEAST && before > 0 && now > TIMES * before)) {
            return Optional.empty();
        }
        return Optional.of(Topic.EXPLODING_GRADIENT.warning(
                report.step(),
                "grad_norm is " + Numbers.of(now) + ", the median of " + NEWEST + " steps, " + Numbers.of(now / before)
                        + " times the " + Numbers.of(before) + " of the " + older.size()
                        + " before, expected less than " + Numbers.of(TIMES)
                        + " times: so begins a run that diverges; try a smaller train.learning_rate, a longer"
                        + " train.warmup_ratio or a smaller train.max_grad_norm"));
    }
}
