package org.dilort.config;

import java.util.List;

/**
 * The optimization.
 *
 * @param batchPairs pairs per optimizer step, over all micro-batches
 * @param microBatchTokens budget of one micro-batch, rows x length
 * @param rowTokens bound of a packed row, by default {@code data.max_length}
 * @param recompute {@code blocks} takes less memory, and the time of one more forward pass
 * @param maxSteps optimizer steps, whatever {@code epochs} says
 * @param learningRate the highest one
 * @param warmupRatio share of all steps, 0 to 1
 * @param maxGradNorm bound of the global gradient norm, a number &gt; 0 or none
 * @param noDecay what weight decay leaves alone: patterns of parameter names, or {@code norms_and_biases}
 * @param adamBeta1 this and the other two of Adam are read with {@code optimizer: adamw} only
 * @param nonFinite what becomes of a pair whose loss or gradient is not finite
 * @param logEvery steps between lines on the console
 * @param keepCheckpoints the newest ones; none = all of them
 * @param resume go on from the newest checkpoint, if there is one
 */
public record TrainConfig(
        int batchPairs,
        int microBatchTokens,
        int rowTokens,
        Threads threads,
        Recompute recompute,
        int epochs,
        Limit maxSteps,
        double learningRate,
        Scheduler scheduler,
        double warmupRatio,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        NumberSetting maxGradNorm,
        List<String> noDecay,
        Optimizer optimizer,
        SgdConfig sgd,
        LionConfig lion,
        AdafactorConfig adafactor,
        NonFinite nonFinite,
        long seed,
        boolean shuffle,
        Interval evalEvery,
        Interval saveEvery,
        Interval logEvery,
        Limit keepCheckpoints,
        boolean resume)
        implements Section {

    public TrainConfig {
        noDecay = List.copyOf(noDecay);
        Require.wholeNumber("batch_pairs", batchPairs, 1);
        Require.wholeNumber("micro_batch_tokens", microBatchTokens, 1);
        Require.wholeNumber("row_tokens", rowTokens, 1);
        Require.wholeNumber("epochs", epochs, 1);
        Require.positive("learning_rate", learningRate);
        Require.ratio("warmup_ratio", warmupRatio);
        Require.notNegative("weight_decay", weightDecay);
        Require.decayRate("adam_beta1", adamBeta1);
        Require.decayRate("adam_beta2", adamBeta2);
        Require.positive("adam_epsilon", adamEpsilon);
        Require.positiveOr("max_grad_norm", maxGradNorm, NumberSetting.none());
        Require.texts("no_decay", noDecay);
        Require.wholeNumber("seed", seed, 0);
    }
}
