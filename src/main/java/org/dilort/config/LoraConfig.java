package org.dilort.config;

import java.util.List;

/**
 * Low-rank adapters beside frozen weights (LoRA, arXiv 2106.09685).
 *
 * @param adapter a PEFT folder brings its own rank, alpha, targets and kind; then none of these may be given
 * @param rank 1 or more; 0 only in {@link #NONE} and with a PEFT folder
 * @param alpha the adapters' output is scaled by alpha / rank; 0 becomes 2 rank
 * @param targets patterns of the linear layers that get adapters; empty = all of the blocks
 * @param rslora scale by alpha / sqrt(rank) instead (arXiv 2312.03732)
 * @param dora train the norm of each output apart from its direction (arXiv 2402.09353)
 * @param modulesToSave patterns of modules that are trained whole
 * @param dropout 0, the only value: training has no dropout anywhere
 * @param merge also deliver the model with the adapters merged into it
 * @param quantize in how many bits the frozen linear layers of the blocks are kept
 */
public record LoraConfig(
        AdapterStart adapter,
        int rank,
        double alpha,
        List<String> targets,
        boolean rslora,
        boolean dora,
        List<String> modulesToSave,
        double dropout,
        boolean merge,
        Quantize quantize)
        implements Section {
    public static final LoraConfig NONE =
            new LoraConfig(AdapterStart.anew(), 0, 0, List.of(), false, false, List.of(), 0, true, Quantize.NONE);

    public LoraConfig {
        targets = List.copyOf(targets);
        modulesToSave = List.copyOf(modulesToSave);
        Require.texts("targets", targets);
        Require.texts("modules_to_save", modulesToSave);
        Require.notNegative("alpha", alpha);
        Require.check(dropout == 0, "dropout", dropout, "0; dropout would make the policy's log-probabilities random");
        boolean unset = alpha == 0 && targets.isEmpty() && !rslora && !dora && modulesToSave.isEmpty();
        if (adapter instanceof AdapterStart.Folder) {
            Require.check(
                    rank == 0 && unset,
                    "adapter",
                    adapter.text(),
                    "new, or none of the keys that it brings: rank,"
                            + " alpha, targets, rslora, dora, modules_to_save");
        } else {
            boolean none = rank == 0 && unset && merge && quantize == Quantize.NONE;
            Require.check(none || rank >= 1, "rank", rank, "a whole number >= 1");
        }
        alpha = alpha == 0 ? 2.0 * rank : alpha;
    }

    public boolean enabled() {
        return rank > 0 || adapter instanceof AdapterStart.Folder;
    }
}
