package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/**
 * At the first step the policy is its own reference, so every log-ratio and every reward is 0. If the mean
 * log-probability of chosen or rejected responses differs from the reference's by more than rounding explains (see
 * {@link FirstStep}), the reference is of another model, or of other pairs.
 */
final class ReferenceRule implements Rule {
    private final FirstStep expected;

    ReferenceRule(FirstStep expected) {
        this.expected = expected;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (report.step() != 1 || agrees(report.means())) {
            return Optional.empty();
        }
        PairMeans means = report.means();
        String side = differs(0, means.logpChosen()) ? "chosen" : "rejected";
        int index = side.equals("chosen") ? 0 : 1;
        double logp = index == 0 ? means.logpChosen() : ((PairMeans.ChosenAndRejected) means).logpRejected();
        return Optional.of(Topic.REFERENCE_DIFFERS.warning(
                report.step(),
                "logps/" + side + " is " + Numbers.of(logp) + ", expected the reference's "
                        + Numbers.of(expected.logps()[index]) + " to within "
                        + Numbers.of(expected.tolerances()[index])
                        + ", since the policy is its own reference: the reference log-probabilities are of another model or"
                        + " other pairs; delete the folder of reference.cache and start again"));
    }

    /** Whether the first step's log-probabilities are the reference's. */
    boolean agrees(PairMeans means) {
        return !differs(0, means.logpChosen())
                && !(means instanceof PairMeans.ChosenAndRejected both && differs(1, both.logpRejected()));
    }

    private boolean differs(int side, double logp) {
        return !(Math.abs(logp - expected.logps()[side]) <= expected.tolerances()[side]);
    }
}
