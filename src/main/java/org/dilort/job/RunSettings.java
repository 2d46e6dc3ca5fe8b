package org.dilort.job;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.DataConfig;
import org.dilort.config.TrainConfig;
import org.dilort.data.Layout;
import org.dilort.data.PackOptions;
import org.dilort.data.TokenLimits;
import org.dilort.data.Truncation;
import org.dilort.error.ConfigException;
import org.dilort.heads.Objective;
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
        Objective objective,
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
        int maxPrompt = data.maxPromptLength().orElse(TokenLimits.NO_LIMIT);
        return new RunSettings(
                Objectives.of(config),
                new TokenLimits(
                        maxLength,
                        maxPrompt,
                        Truncation.valueOf(data.truncation().name())),
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

    GraphOptions graphOptions(ModelSize model) {
        return GraphOptions.forBatches(packing.microBatchTokens(), longestRow, model.vocabulary());
    }

    TrainingArtifacts.Recipe recipe(CausalLm model) {
        return new TrainingArtifacts.Recipe(model, objective, graphOptions(model.size()), optimizer, decayed);
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
