package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * If each of {@value #STEPS} updates in a row was clipped to less than a {@value #TIMES}th, clipping is no guard against
 * the odd great gradient: it sets the length of every step, and a pair counts the less the greater its batch's gradient
 * is.
 */
final class ClippingRule implements Rule {
    private static final int STEPS = 200;
    private static final double TIMES = 10;

    private final double bound;
    private final Window norms = new Window(STEPS);
    private final Onset onset = new Onset();

    /** @param bound of the global gradient norm; infinite for none */
    ClippingRule(double bound) {
        this.bound = bound;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (!report.update().applied()) {
            return Optional.empty();
        }
        norms.add(report.update().gradientNorm());
        if (!onset.of(norms.full() && norms.min() > TIMES * bound)) {
            return Optional.empty();
        }
        return Optional.of(Topic.ALWAYS_CLIPPED.note(
                report.step(),
                "grad_norm was above " + Numbers.of(TIMES * bound) + " in each of the last " + STEPS
                        + " steps, median " + Numbers.of(norms.median()) + ", where train.max_grad_norm is "
                        + Numbers.of(bound)
                        + ", expected clipping now and then: every step has the same length, whatever"
                        + " its gradient; try train.max_grad_norm near the median, or head.reduction mean"));
    }
}
