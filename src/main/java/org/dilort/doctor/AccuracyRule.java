package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/**
 * After {@value #FIRST} steps, and {@value #WINDOW} beyond the warm-up, a policy that learns a preference prefers more
 * than half of the chosen responses. If over the last {@value #WINDOW} steps rewards/accuracies is no more than guessing
 * would give (three standard deviations above 0.5), and no more than over the first {@value #WINDOW}, it learns none. Not
 * said of a policy that does not move at all, which {@link StillMarginRule} tells of.
 */
final class AccuracyRule implements Rule {
    private static final int FIRST = 150;
    private static final int WINDOW = 50;

    private final long look;
    private final int pairs;
    private final Movement movement;
    private final Onset onset = new Onset();
    private final Window newest = new Window(WINDOW);
    private final Window oldest = new Window(WINDOW);

    /** @param pairs of a step */
    AccuracyRule(long warmupSteps, int pairs, Movement.MarginAtStart margin) {
        this.movement = new Movement(margin);
        this.look = Math.max(FIRST, warmupSteps + WINDOW);
        this.pairs = pairs;
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        if (!(report.means() instanceof PairMeans.ChosenAndRejected both)) {
            return Optional.empty();
        }
        movement.add(report.step(), both);
        if (!oldest.full()) {
            oldest.add(both.accuracy());
        }
        newest.add(both.accuracy());
        double noise = Chance.upper((long) WINDOW * pairs) - 0.5;
        boolean guessing = newest.mean() <= 0.5 + noise && newest.mean() <= oldest.mean() + noise;
        if (!onset.of(report.step() >= look && newest.full() && !movement.none() && guessing)) {
            return Optional.empty();
        }
        return Optional.of(Topic.ACCURACY_AT_CHANCE.warning(
                report.step(),
                "rewards/accuracies is " + Numbers.of(newest.mean()) + " over the last " + WINDOW
                        + " steps, expected above " + Numbers.of(0.5 + noise)
                        + ": chosen responses are preferred no more often than by chance; look at pairs with data inspect"
                        + " (chosen and rejected swapped, or alike?), or try a greater train.learning_rate"));
    }
}
