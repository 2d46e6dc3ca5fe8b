package org.dilort.doctor;

import org.dilort.train.PairMeans;
import org.dilort.train.StepReport;

/**
 * Whether rewards have left 0, where they begin there: at the first step they are rounding alone, which tells how large that is; a reward above {@value #TIMES} times it is none. Rounding counts as at least that of the
 * log-probabilities in float.
 */
final class Movement {
    private static final double TIMES = 5;
    private static final double FLOAT_ROUNDING = 0x1p-23;

    private final RewardsAtStart atStart;
    private double rounding;
    private double largest;

    /** What rewards are before the first update. */
    enum RewardsAtStart {
        ZERO,
        ANYTHING
    }

    Movement(RewardsAtStart atStart) {
        this.atStart = atStart;
    }

    void add(StepReport report) {
        PairMeans means = report.means();
        double reward = Math.abs(means.rewardChosen());
        double logp = Math.abs(means.logpChosen());
        if (means instanceof PairMeans.ChosenAndRejected both) {
            reward = Math.max(reward, Math.max(Math.abs(both.rewardRejected()), Math.abs(both.margin())));
            logp = Math.max(logp, Math.abs(both.logpRejected()));
        }
        if (report.step() == 1) {
            rounding = Math.max(reward, FLOAT_ROUNDING * logp);
        } else {
            largest = Math.max(largest, reward);
        }
    }

    /** True also where nothing can be told: of other rewards, and of a run whose first step was not seen. */
    boolean moved() {
        return atStart == RewardsAtStart.ANYTHING || rounding == 0 || largest > TIMES * rounding;
    }

    /** The largest mean reward after the first step, without its sign. */
    double largest() {
        return largest;
    }

    double rounding() {
        return rounding;
    }
}
