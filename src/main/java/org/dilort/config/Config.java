package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.List;

/**
 * One run, with every default filled in. What is left to its user to choose says {@code auto}: {@code device},
 * {@code model.compute}, {@code data.chat_template} and, per head, {@code reduction}, {@code beta}, {@code exp_cap} and
 * {@code variant}; {@code train.threads} may say {@code all}.
 *
 * @param heads one or more; their losses add up, each times its weight
 * @param output the folder of all results
 */
public record Config(
        ModelConfig model,
        ReferenceConfig reference,
        DataConfig data,
        @JsonProperty("head") List<HeadConfig> heads,
        TrainConfig train,
        EvalConfig eval,
        LogConfig log,
        Device device,
        Path output)
        implements Section {

    public Config {
        heads = List.copyOf(heads);
        Require.check(!heads.isEmpty(), "head", "an empty list", "a mapping or a list of mappings");
        if (!data.evaluates()) {
            Require.check(!train.evalEvery().exists(), "train.eval_every", train.evalEvery(), "none without data.eval");
        }
        if (!train.evalEvery().exists()) {
            Require.check(
                    !eval.best().enabled(), "eval.best", "a mapping", "none without data.eval and train.eval_every");
        }
        if (data.eval().isEmpty()) {
            Require.check(!eval.generate().enabled(), "eval.generate", "a mapping", "none without data.eval");
        }
    }

    /** The key of a head as the user writes it: {@code head}, or {@code head.1} in a list. */
    public String headKey(int index) {
        return heads.size() == 1 ? "head" : "head." + index;
    }
}
