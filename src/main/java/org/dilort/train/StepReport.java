package org.dilort.train;

import java.util.LinkedHashMap;
import java.util.Map;
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

    /** What is of this step alone, under the names and in the order of {@code metrics.jsonl}. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("epoch", state.epoch());
        metrics.put("loss", loss);
        metrics.put("grad_norm", update.gradientNorm());
        metrics.put("learning_rate", learningRate);
        metrics.putAll(means.metrics());
        metrics.put("tokens_per_second", tokensPerSecond());
        metrics.put("computed_tokens_per_second", computedTokensPerSecond());
        metrics.put("packing_efficiency", packingEfficiency());
        metrics.put("step_seconds", seconds);
        return metrics;
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
