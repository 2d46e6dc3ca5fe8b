package org.dilort.config;

import java.util.List;

/**
 * Low-rank adapters.
 *
 * @param rank 1 or more; 0 only in {@link #NONE}
 * @param alpha the adapters' output is scaled by alpha / rank; 0 becomes 2 rank
 * @param targets names of the layers that get adapters; empty = the architecture's own choice
 */
public record LoraConfig(int rank, double alpha, List<String> targets) implements Section {
    public static final LoraConfig NONE = new LoraConfig(0, 0, List.of());

    public LoraConfig {
        targets = List.copyOf(targets);
        Require.texts("targets", targets);
        Require.notNegative("alpha", alpha);
        boolean none = rank == 0 && alpha == 0 && targets.isEmpty();
        Require.check(none || rank >= 1, "rank", rank, "a whole number >= 1");
        alpha = alpha == 0 ? 2.0 * rank : alpha;
    }

    public boolean enabled() {
        return rank > 0;
    }
}
