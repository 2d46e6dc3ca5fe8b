package org.dilort.job;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.dilort.artifacts.Adafactor;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.Lion;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.Sgd;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.AdafactorConfig;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.HeadConfig;
import org.dilort.config.NumberSetting;
import org.dilort.config.SgdConfig;
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
import org.dilort.model.Parameter;
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
        Optimizer optimizer,
        Predicate<Parameter> decayed,
        ScheduleSettings schedule,
        SessionSettings session) {

    static RunSettings of(Config config, CausalLm model) {
        TrainConfig train = config.train();
        DataConfig data = config.data();
        int maxLength = Math.min(data.maxLength(), model.size().maxPositions());
        int rowTokens = Math.min(train.rowTokens(), train.microBatchTokens());
        int maxPrompt = data.maxPromptLength().orElse(TokenLimits.NO_LIMIT);
        return new RunSettings(
                head(config),
                new TokenLimits(
                        maxLength,
                        maxPrompt,
                        Truncation.valueOf(data.truncation().name())),
                new PackOptions(rowTokens, train.microBatchTokens(), Layout.SHARED_TRUNK),
                Math.max(rowTokens, Math.multiplyExact(2, maxLength)),
                optimizer(train),
                WeightDecay.decayed(train.noDecay(), model.parameters()),
                new ScheduleSettings(
                        ScheduleSettings.Shape.valueOf(train.scheduler().name()),
                        train.learningRate(),
                        train.warmupRatio()),
                new SessionSettings(train.threads().on(Runtime.getRuntime().availableProcessors())));
    }

    private static Optimizer optimizer(TrainConfig train) {
        double decay = train.weightDecay();
        double maxNorm = train.maxGradNorm().orElse(1);
        return switch (train.optimizer()) {
            case ADAMW -> new AdamW(train.adamBeta1(), train.adamBeta2(), train.adamEpsilon(), decay, maxNorm);
            case SGD -> {
                SgdConfig sgd = train.sgd();
                yield new Sgd(sgd.momentum(), sgd.nesterov() ? Sgd.Look.NESTEROV : Sgd.Look.PLAIN, decay, maxNorm);
            }
            case LION -> new Lion(train.lion().beta1(), train.lion().beta2(), decay, maxNorm);
            case ADAFACTOR -> {
                AdafactorConfig factor = train.adafactor();
                yield new Adafactor(factor.decayRate(), factor.epsilon(), factor.clipThreshold(), decay, maxNorm);
            }
        };
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
}
