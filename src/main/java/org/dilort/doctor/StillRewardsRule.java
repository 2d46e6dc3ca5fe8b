package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/**
 * Where the reference is the initial policy, rewards leave 0 as soon as the policy changes. If no step's mean rewards and
 * margin are above rounding (see {@link Movement}) {@value #STEPS} steps after the warm-up, nor before step {@value
 * #FIRST}, and chosen rewards are the greater no more often than a coin would have it (three standard deviations), the
 * policy does not change: the learning rate is too small for its weights, or all pairs are identical.
 */
final class StillRewardsRule implements Rule {
    private static final int FIRST = 20;
    private static final int STEPS = 10;

    private final long look;
    private final int pairs;
    private final Movement movement = new Movement(Movement.RewardsAtStart.ZERO);
    private final Onset onset = new Onset();
    private double accuracies;

    /** @param pairs of a step */
    StillRewardsRule(long warmupSteps, int pairs) {
        this.look = Math.max(FIRST, warmupSteps + STEPS);
        this.pairs = pairs;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        movement.add(report);
        if (!(report.means() instanceof PairMeans.ChosenAndRejected both)) {
            return Optional.empty();
        }
        accuracies += both.accuracy();
        double chance = Chance.upper(report.step() * pairs);
        boolean still = report.step() >= look && !movement.moved() && accuracies / report.step() <= chance;
        if (!onset.of(still)) {
            return Optional.empty();
        }
        return Optional.of(Topic.LEARNING_RATE_TOO_SMALL.warning(
                report.step(),
                "no reward was above " + Numbers.of(movement.largest()) + " since step 1, where rounding alone gave "
                        + Numbers.of(movement.rounding())
                        + ", expected rewards to leave 0: the policy does not change; try a greater train.learning_rate (now "
                        + Numbers.of(report.learningRate()) + ")"));
    }
}
