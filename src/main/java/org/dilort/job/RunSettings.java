package org.dilort.job;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.DataPreset;
import org.dilort.config.HeadConfig;
import org.dilort.config.NumberSetting;
import org.dilort.config.TrainConfig;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.TokenLimits;
import org.dilort.data.Truncation;
import org.dilort.error.ConfigException;
import org.dilort.heads.Head;
import org.dilort.heads.HeadPreset;
import org.dilort.heads.HeadPresets;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.OptionalInput;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.ScheduleSettings;

/**
 * A configuration in the terms of the packages that do the work.
 *
 * @param longestRow bound of any row: of packed rows, and of a single document
 */
record RunSettings(
        HeadSpec head,
        TokenLimits limits,
        PackOptions packing,
        int longestRow,
        AdamW optimizer,
        Predicate<String> decayed,
        ScheduleSettings schedule,
        SessionSettings session) {

    static RunSettings of(Config config, ModelSize model) {
        TrainConfig train = config.train();
        DataConfig data = config.data();
        int maxLength = Math.min(data.maxLength(), model.maxPositions());
        int rowTokens = Math.min(train.rowTokens(), train.microBatchTokens());
        return new RunSettings(
                head(config),
                limits(data, maxLength),
                new PackOptions(rowTokens, train.microBatchTokens(), Layout.SHARED_TRUNK),
                Math.max(rowTokens, Math.multiplyExact(2, maxLength)),
                new AdamW(
                        train.adamBeta1(),
                        train.adamBeta2(),
                        train.adamEpsilon(),
                        train.weightDecay(),
                        train.maxGradNorm().orElse(1)),
                decayed(train.noDecay()),
                new ScheduleSettings(
                        ScheduleSettings.Shape.valueOf(train.scheduler().name()),
                        train.learningRate(),
                        train.warmupRatio()),
                new SessionSettings(train.threads().on(Runtime.getRuntime().availableProcessors())));
    }

    /** The limits of the data's pipeline; one that is not ours has its own ways to cut. */
    static TokenLimits limits(DataConfig data, int maxLength) {
        Truncation truncation = Truncation.valueOf(data.truncation().name());
        int maxPrompt = data.maxPromptLength().orElse(TokenLimits.NO_LIMIT);
        String preset = " with data.preset " + data.preset().key();
        boolean ours = data.preset() == DataPreset.DEFAULT;
        if (!ours && truncation != Truncation.KEEP_START && truncation != Truncation.KEEP_END) {
            throw new ConfigException("data.truncation: got " + data.truncation().key()
                    + ", expected keep_start or keep_end" + preset);
        }
        if (data.preset() == DataPreset.TRL && data.maxPromptLength().exists()) {
            throw new ConfigException("data.max_prompt_length: got " + maxPrompt + ", expected none" + preset);
        }
        if (data.preset() != DataPreset.DIL_AUTHORS) {
            return new TokenLimits(maxLength, maxPrompt, truncation);
        }
        int authorsPrompt = data.maxPromptLength().orElse(Math.max(1, maxLength / 2));
        if (authorsPrompt >= maxLength) {
            throw new ConfigException("data.max_prompt_length: got " + authorsPrompt + ", expected less than"
                    + " data.max_length " + maxLength + preset);
        }
        return new TokenLimits(maxLength, authorsPrompt, truncation);
    }

    GraphOptions graphOptions(ModelSize model) {
        return GraphOptions.forBatches(packing.microBatchTokens(), longestRow, model.vocabulary());
    }

    TrainingArtifacts.Recipe recipe(CausalLm model) {
        return new TrainingArtifacts.Recipe(model, head, graphOptions(model.size()), optimizer, decayed);
    }

    static HeadSpec head(Config config) {
        HeadConfig chosen = config.heads().get(0);
        Head head = Heads.named(chosen.name());
        HeadPreset preset = chosen.hasPreset() ? HeadPresets.named(chosen.preset(), head) : HeadPresets.none(head);
        Reduction reduction = switch (chosen.reduction()) {
            case AUTO -> preset.reduction();
            case SUM -> Reduction.SUM;
            case MEAN -> Reduction.MEAN;
        };
        Variant variant = switch (chosen.variant()) {
            case AUTO -> preset.variant();
            case POINTWISE -> Variant.POINTWISE;
            case PAIRWISE -> Variant.PAIRWISE;
            case MIXTURE -> Variant.MIXTURE;
            case RELATIVE -> Variant.RELATIVE;
        };
        Map<String, Double> coefficients = new TreeMap<>(preset.coefficientsOf(head));
        coefficients.putAll(chosen.coefficients());
        putIfGiven(coefficients, "beta", chosen.beta());
        putIfGiven(coefficients, "exp_cap", chosen.expCap());
        requireTrainable(head);
        return new HeadSpec(head, variant, reduction, coefficients);
    }

    private static void requireTrainable(Head head) {
        Set<OptionalInput> missing = EnumSet.noneOf(OptionalInput.class);
        missing.addAll(head.optionalInputs());
        missing.remove(OptionalInput.DETACHED_LOGPS);
        if (!missing.isEmpty()) {
            throw new ConfigException("head.name: got \"" + head.name() + "\", which needs "
                    + missing.iterator().next().names() + "; training does not give these yet");
        }
    }

    private static void putIfGiven(Map<String, Double> coefficients, String name, NumberSetting setting) {
        if (!setting.equals(NumberSetting.auto())) {
            coefficients.put(name, setting.orElse(Double.NaN));
        }
    }

    static Predicate<String> decayed(List<String> exceptions) {
        Predicate<String> decayed = name -> true;
        for (String exception : exceptions) {
            try {
                decayed = decayed.and(Pattern.compile(exception).asPredicate().negate());
            } catch (PatternSyntaxException e) {
                throw new ConfigException("train.no_decay: got \"" + exception + "\", expected a regular expression ("
                        + e.getDescription() + " at " + e.getIndex() + ")");
            }
        }
        return decayed;
    }
}
