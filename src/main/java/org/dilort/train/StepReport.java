package org.dilort.train;

import org.dilort.runtime.UpdateResult;

/**
 * What one optimizer step did.
 *
 * @param state where the run stands after the step
 * @param steps steps of the whole run
 * @param loss mean over the step's pairs
 * @param learningRate the rate of this step, also where its update was skipped
 * @param numTokens every token of both sequences of this step
 * @param computedTokens tokens of this step that the graph ran
 * @param laidOutTokens the same with padding
 * @param seconds time for input, micro-batches and update, without evaluation and checkpoints
 */
public record StepReport(
        LoopState state,
        long steps,
        double loss,
        double learningRate,
        UpdateResult update,
        PairMeans means,
        long numTokens,
        long computedTokens,
        long laidOutTokens,
        double seconds) {

    public long step() {
        return state.step();
    }

    /** Share of what was computed that is no padding. */
    public double packingEfficiency() {
        return (double) computedTokens / laidOutTokens;
    }

    public double tokensPerSecond() {
        return numTokens / seconds;
    }

    public double computedTokensPerSecond() {
        return computedTokens / seconds;
    }
}
