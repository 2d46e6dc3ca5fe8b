package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.StepReport;

/**
 * At the first step every log-ratio is 0, so the loss is a constant of the head: ln 2 for DPO, -1/2 for LSIF, 2 ln 2 for
 * BCE. It is computed with the run's own objective, for any list of heads, margins and reductions; more than rounding
 * apart (see {@link FirstStep}), pairs and reference are not in the same order, or the graph is wrong. Silent where {@link
 * ReferenceRule} speaks.
 */
final class FirstLossRule implements Rule {
    private final FirstStep.ExpectedLoss expected;
    private final ReferenceRule reference;

    FirstLossRule(FirstStep.ExpectedLoss expected, ReferenceRule reference) {
        this.expected = expected;
        this.reference = reference;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        boolean asExpected = Math.abs(report.loss() - expected.value()) <= expected.tolerance();
        boolean pairsLeftOut = report.means().head().skipped() > 0;
        if (report.step() != 1 || asExpected || pairsLeftOut || !reference.agrees(report.means())) {
            return Optional.empty();
        }
        return Optional.of(Topic.UNEXPECTED_FIRST_LOSS.warning(
                report.step(),
                "loss is " + Numbers.of(report.loss()) + ", expected " + Numbers.of(expected.value()) + " to within "
                        + Numbers.of(expected.tolerance())
                        + ", what the head gives while the policy is its own reference: the reference log-probabilities are"
                        + " not in the order of the pairs; delete the folder of reference.cache and start again"));
    }
}
