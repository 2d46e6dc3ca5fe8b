package org.dilort.export;

import java.util.HashSet;
import java.util.Set;
import org.dilort.error.ConfigException;

/**
 * How a model generates.
 *
 * @param maxNewTokens bound of what is generated for one prompt, the end of sequence not counted
 * @param endIds ids that end a sequence, beside those that the model's folder names
 */
public record GenerationSettings(int maxNewTokens, Sampling sampling, Set<Integer> endIds) {

    public GenerationSettings {
        endIds = Set.copyOf(endIds);
        if (maxNewTokens < 1) {
            throw new ConfigException("max_new_tokens: got " + maxNewTokens + ", expected at least 1");
        }
    }

    public static GenerationSettings greedy(int maxNewTokens) {
        return new GenerationSettings(maxNewTokens, new Sampling.Greedy(), Set.of());
    }

    public GenerationSettings withSampling(Sampling other) {
        return new GenerationSettings(maxNewTokens, other, endIds);
    }

    public GenerationSettings withEndIds(Set<Integer> more) {
        Set<Integer> all = new HashSet<>(endIds);
        all.addAll(more);
        return new GenerationSettings(maxNewTokens, sampling, all);
    }
}
