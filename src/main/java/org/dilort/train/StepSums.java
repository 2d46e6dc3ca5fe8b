package org.dilort.train;

import org.dilort.runtime.StepResult;

/** Adds up, in double precision, what the micro-batches of one step gave. */
final class StepSums {
    private int pairs;
    private double loss;
    private double rewardChosen;
    private double rewardRejected;
    private int accurate;
    private double logpChosen;
    private double logpRejected;
    private int saturated;
    private int skipped;

    void add(StepResult result) {
        float[] rewards = result.rewards();
        float[] logps = result.policyLogps();
        loss += result.loss();
        for (int pair = 0; pair < result.losses().length; pair++) {
            float chosen = rewards[2 * pair];
            float rejected = rewards[2 * pair + 1];
            rewardChosen += chosen;
            rewardRejected += rejected;
            accurate += chosen > rejected ? 1 : 0;
            logpChosen += logps[2 * pair];
            logpRejected += logps[2 * pair + 1];
            saturated += result.flags().saturated()[pair] > 0 ? 1 : 0;
            skipped += result.flags().skipped()[pair] > 0 ? 1 : 0;
            pairs++;
        }
    }

    /** The loss of the step: micro-batches give their weighted shares of it. */
    double loss() {
        return loss;
    }

    /** Pairs that were taken out. */
    int skipped() {
        return skipped;
    }

    /** True when no pair is left whose gradient could be followed. */
    boolean nothingLeft() {
        return skipped == pairs;
    }

    PairMeans means(Step step) {
        if (pairs != step.pairs()) {
            throw new IllegalStateException(
                    "step " + step.number() + ": results for " + pairs + " pairs, expected " + step.pairs());
        }
        if (!step.hasRejected()) {
            return new PairMeans.ChosenOnly(rewardChosen / pairs, logpChosen / pairs, shares());
        }
        return new PairMeans.ChosenAndRejected(
                rewardChosen / pairs,
                rewardRejected / pairs,
                (rewardChosen - rewardRejected) / pairs,
                (double) accurate / pairs,
                logpChosen / pairs,
                logpRejected / pairs,
                shares());
    }

    private HeadShares shares() {
        return new HeadShares((double) saturated / pairs, (double) skipped / pairs);
    }
}
