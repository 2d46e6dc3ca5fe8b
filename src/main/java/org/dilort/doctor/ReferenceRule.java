package org.dilort.doctor;

import java.util.Optional;
import java.util.stream.IntStream;
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
        if (report.step() != 1) {
            return Optional.empty();
        }
        double[] logps = logps(report.means());
        return IntStream.range(0, logps.length)
                .filter(side -> differs(side, logps[side]))
                .mapToObj(side -> remark(report.step(), side, logps[side]))
                .findFirst();
    }

    private Remark remark(long step, int side, double logp) {
        return Topic.REFERENCE_DIFFERS.warning(
                step,
                "logps/" + (side == 0 ? "chosen" : "rejected") + " is " + Numbers.of(logp)
                        + ", expected the reference's " + Numbers.of(expected.logps()[side]) + " to within "
                        + Numbers.of(expected.tolerances()[side])
                        + ", since the policy is its own reference: the reference log-probabilities are of another model or"
                        + " other pairs; delete the folder of reference.cache and start again");
    }

    /** Whether the first step's log-probabilities are the reference's. */
    boolean agrees(PairMeans means) {
        double[] logps = logps(means);
        return IntStream.range(0, logps.length).noneMatch(side -> differs(side, logps[side]));
    }

    private static double[] logps(PairMeans means) {
        return means instanceof PairMeans.ChosenAndRejected both
                ? new double[] {both.logpChosen(), both.logpRejected()}
                : new double[] {means.logpChosen()};
    }

    private boolean differs(int side, double logp) {
        return !(Math.abs(logp - expected.logps()[side]) <= expected.tolerances()[side]);
    }
}
