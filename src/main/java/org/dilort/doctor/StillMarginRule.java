package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/**
 * Where the reference is the initial policy, the margin leaves 0 as soon as the policy changes. The policy does not
 * change, or not to speak of, if
 *
 * <ul>
 *   <li>{@value #STEPS} steps after the warm-up, and not before step {@value #FIRST}, no step's mean margin was above
 *       rounding (see {@link Movement}), and chosen rewards were the greater no more often than a coin would have it
 *       (three standard deviations); or
 *   <li>at half of the run, and not before these steps, no step's mean margin was above {@value #SPEAKABLE}: the loss of a
 *       logistic head has then changed by less than 1e-4.
 * </ul>
 */
final class StillMarginRule implements Rule {
    private static final int FIRST = 20;
    private static final int STEPS = 10;
    private static final double SPEAKABLE = 1e-4;

    private final long look;
    private final int pairs;
    private final Movement movement = new Movement(Movement.MarginAtStart.ZERO);
    private final Onset onset = new Onset();
    private double accuracies;

    /** @param pairs of a step */
    StillMarginRule(long warmupSteps, int pairs) {
        this.look = Math.max(FIRST, warmupSteps + STEPS);
        this.pairs = pairs;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (!(report.means() instanceof PairMeans.ChosenAndRejected both)) {
            return Optional.empty();
        }
        movement.add(report.step(), both);
        accuracies += both.accuracy();
        boolean guessing = accuracies / report.step() <= Chance.upper(report.step() * pairs);
        boolean halfway = report.step() >= report.steps() / 2;
        boolean still = movement.none() && guessing || halfway && movement.below(SPEAKABLE);
        if (!onset.of(report.step() >= look && still)) {
            return Optional.empty();
        }
        return Optional.of(Topic.LEARNING_RATE_TOO_SMALL.warning(
                report.step(),
                "rewards/margins was never above " + Numbers.of(movement.largest())
                        + " since step 1, where rounding gave "
                        + Numbers.of(movement.rounding())
                        + ", expected it to leave 0: the policy hardly changes; try a greater train.learning_rate (now "
                        + Numbers.of(report.learningRate()) + ")"));
    }
}
