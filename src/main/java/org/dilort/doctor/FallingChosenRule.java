package org.dilort.doctor;

import java.util.Optional;
import org.dilort.train.EvaluationReport;
import org.dilort.train.StepReport;

/**
 * A loss of the margin alone can be lowered by making the chosen responses less likely, if only the rejected ones lose
 * more. Measured on the held-out pairs where there are any: logps/chosen below what it was at first by more than {@value
 * #NOTED} of it and {@value #NOTED_NATS} nats, in two evaluations in a row; a warning by more than {@value #WARNED} of it
 * and {@value #WARNED_NATS} nat. Else on the rewards of training, which are relative to a reference: rewards/chosen over
 * {@value #WINDOW} steps below its first by {@value #NOTED_REWARD}, a warning by {@value #WARNED_REWARD}.
 */
final class FallingChosenRule implements Rule {
    private static final String EVALUATED = "logps/chosen";
    private static final double NOTED = 0.1;
    private static final double NOTED_NATS = 0.1;
    private static final double WARNED = 0.25;
    private static final double WARNED_NATS = 1;
    private static final int WINDOW = 20;
    private static final int FIRST = 5;
    private static final double NOTED_REWARD = 0.5;
    private static final double WARNED_REWARD = 5;

    private final boolean relativeRewards;
    private final Window newest = new Window(WINDOW);
    private final Window first = new Window(FIRST);
    private final Window evaluations = new Window(2);
    private final Onset noted = new Onset();
    private final Onset warned = new Onset();
    private double evaluatedFirst = Double.NaN;

    /** How rewards are to be understood. */
    enum Rewards {
        RELATIVE_TO_A_REFERENCE,
        OF_THE_POLICY_ALONE
    }

    FallingChosenRule(Rewards rewards) {
        this.relativeRewards = rewards == Rewards.RELATIVE_TO_A_REFERENCE;
    }

    @Override
    public Optional<Remark> afterEvaluation(EvaluationReport report) {
        double logp = report.metrics().getOrDefault(EVALUATED, Double.NaN);
        if (Double.isNaN(evaluatedFirst)) {
            evaluatedFirst = logp;
            return Optional.empty();
        }
        evaluations.add(logp);
        double fall = evaluations.full() ? evaluatedFirst - evaluations.max() : 0;
        double share = fall / Math.abs(evaluatedFirst);
        return remark(
                report.step(),
                fall > NOTED_NATS && share > NOTED,
                fall > WARNED_NATS && share > WARNED,
                "logps/chosen is " + Numbers.of(logp) + " on the held-out pairs, " + Numbers.of(evaluatedFirst)
                        + " at first");
    }

    @Override
    public Optional<Remark> afterStep(StepReport report) {
        double reward = report.means().rewardChosen();
        if (!first.full()) {
            first.add(reward);
        }
        newest.add(reward);
        if (!relativeRewards || !newest.full() || evaluations.size() > 0) {
            return Optional.empty();
        }
        double fall = first.mean() - newest.mean();
        return remark(
                report.step(),
                fall > NOTED_REWARD,
                fall > WARNED_REWARD,
                "rewards/chosen is " + Numbers.of(newest.mean()) + " over the last " + WINDOW + " steps, "
                        + Numbers.of(first.mean()) + " at first");
    }

    private Optional<Remark> remark(long step, boolean note, boolean warning, String measured) {
        String text = measured
                + ", expected it to hold or rise: the chosen responses become less likely, and what margin there is comes"
                + " from rejected ones that lose more; try head.name ukl, an anchor (head: [{name: dpo}, {name: sft, weight: 0.2}])"
                + " or a smaller train.learning_rate";
        boolean newNote = noted.of(note);
        if (warned.of(warning)) {
            return Optional.of(Topic.FALLING_CHOSEN_LOG_PROBABILITY.warning(step, text));
        }
        return newNote ? Optional.of(Topic.FALLING_CHOSEN_LOG_PROBABILITY.note(step, text)) : Optional.empty();
    }
}
