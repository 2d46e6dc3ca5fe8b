package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * Above head.exp_cap an exponential goes on as its tangent, so a pair there pulls less than its formula says. Single
 * pairs there are what the cap is for; if over {@value #WINDOW} steps they are a share of {@value #SHARE} or more, the
 * run follows the tangent and not the loss.
 */
final class SaturationRule implements Rule {
    private static final int WINDOW = 10;
    private static final double SHARE = 0.05;

    private final Window saturated = new Window(WINDOW);
    private final Onset onset = new Onset();

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        saturated.add(report.means().head().saturated());
        double share = saturated.mean();
        if (!onset.of(saturated.full() && share >= SHARE)) {
            return Optional.empty();
        }
        return Optional.of(Topic.SATURATED_HEAD.warning(
                report.step(),
                "head/saturated is " + Numbers.of(share) + " over the last " + WINDOW + " steps, expected below "
                        + SHARE
                        + ": so many pairs are beyond head.exp_cap, where the loss is no longer that of the head; try a"
                        + " smaller train.learning_rate or head.beta, or head.name bce, which needs no cap"));
    }
}
