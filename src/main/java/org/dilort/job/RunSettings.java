package org.dilort.job;

import java.util.function.Predicate;
import org.dilort.artifacts.Adafactor;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.Lion;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.Sgd;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.autodiff.Recompute;
import org.dilort.config.AdafactorConfig;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.DataPreset;
import org.dilort.config.SgdConfig;
import org.dilort.config.TrainConfig;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.TokenLimits;
import org.dilort.data.Truncation;
import org.dilort.error.ConfigException;
import org.dilort.heads.Objective;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.runtime.Processor;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.ScheduleSettings;

/**
 * A configuration in the terms of the packages that do the work.
 *
 * @param longestRow bound of any row: of packed rows, and of a single document
 * @param products the type of the models' matrix products
 */
record RunSettings(
        Objective objective,
        TokenLimits limits,
        PackOptions packing,
        int longestRow,
        Optimizer optimizer,
        Predicate<Parameter> decayed,
        ScheduleSettings schedule,
        SessionSettings session,
        DType products,
        Recompute recompute) {

    static RunSettings of(Config config, CausalLm model, ChosenDevice device) {
        TrainConfig train = config.train();
        DataConfig data = config.data();
        int maxLength = Math.min(data.maxLength(), model.size().maxPositions());
        int rowTokens = Math.min(train.rowTokens(), train.microBatchTokens());
        return new RunSettings(
                Objectives.of(config),
                limits(data, maxLength),
                new PackOptions(rowTokens, train.microBatchTokens(), layout(model)),
                Math.max(rowTokens, Math.multiplyExact(2, maxLength)),
                optimizer(train),
                WeightDecay.decayed(train.noDecay(), model.parameters()),
                new ScheduleSettings(
                        ScheduleSettings.Shape.valueOf(train.scheduler().name()),
                        train.learningRate(),
                        train.warmupRatio()),
                new SessionSettings(train.threads().on(Runtime.getRuntime().availableProcessors()), device.processor()),
                device.products(),
                Recompute.valueOf(train.recompute().name()));
    }

    private static Layout layout(CausalLm model) {
        return model.readsDocuments() ? Layout.SHARED_TRUNK : Layout.ROW_PER_SEQUENCE;
    }

    RunSettings withLayout(Layout layout) {
        PackOptions other = new PackOptions(packing.rowTokens(), packing.microBatchTokens(), layout);
        return new RunSettings(
                objective, limits, other, longestRow, optimizer, decayed, schedule, session, products, recompute);
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

    /** The limits of the data's pipeline; one that is not ours has its own ways to cut. */
    static TokenLimits limits(DataConfig data, int maxLength) {
        Truncation truncation = Truncation.valueOf(data.truncation().name());
        int maxPrompt = data.maxPromptLength().orElse(TokenLimits.NO_LIMIT);
        String preset = " with data.preset " + data.preset().key();
        boolean ours = data.preset() == DataPreset.DEFAULT;
        if (!ours && truncation != Truncation.KEEP_START && truncation != Truncation.KEEP_END) {
            throw new ConfigException(
                    "data.truncation: got " + data.truncation().key() + ", expected keep_start or keep_end" + preset);
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
        return floatGraphs(model).withProducts(products);
    }

    GraphOptions scoring(ModelSize model, int microBatchTokens) {
        return GraphOptions.forBatches(microBatchTokens, longestRow, model).withProducts(products);
    }

    /** The same in float, whatever the run's products are in. */
    GraphOptions floatGraphs(ModelSize model) {
        return GraphOptions.forBatches(packing.microBatchTokens(), longestRow, model);
    }

    /** For whoever opens the artifacts, on whatever device: plain operators alone. */
    TrainingArtifacts.Recipe portableRecipe(CausalLm model) {
        GraphOptions options = graphOptions(model.size()).withRecompute(recompute);
        return new TrainingArtifacts.Recipe(model, objective, options, optimizer, decayed);
    }

    TrainingArtifacts.Recipe recipe(CausalLm model) {
        Processor processor = session.processor();
        GraphOptions options = processor.tuned(graphOptions(model.size())).withRecompute(recompute);
        return new TrainingArtifacts.Recipe(model, objective, options, processor.tuned(optimizer), decayed);
    }
}
