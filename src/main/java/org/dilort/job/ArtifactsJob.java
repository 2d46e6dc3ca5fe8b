package org.dilort.job;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.config.Optimizer;
import org.dilort.error.ConfigException;
import org.dilort.heads.Objective;
import org.dilort.heads.Scope;

/** {@code dil-ort artifacts}: the training graphs and the first state, without training. */
public final class ArtifactsJob {
    private ArtifactsJob() {}

    /** Who will drive the artifacts. */
    public enum Layout {
        /** This program: all state as frozen parameters, the update as a graph of its own. */
        OWN,
        /** Any client of ONNX Runtime's training API, with the built-in optimizer. */
        STOCK
    }

    public static void run(Config config, Path folder, Layout layout, JobOutput output) {
        ConfigCheck.run(config);
        if (Files.exists(new TrainingArtifacts(folder).checkpoint())) {
            throw new ConfigException("--out: " + folder + " holds a checkpoint already, expected another folder");
        }
        try (StartingModel start = StartingModel.open(config);
                Tuning tuning = Tuning.of(config, start, folder)) {
            RunSettings settings = RunSettings.of(config, tuning.model(), ChosenDevice.assumed(config));
            TrainingArtifacts.Recipe recipe = settings.portableRecipe(tuning.model());
            TrainingArtifacts artifacts = tuning.artifacts(folder);
            if (layout == Layout.STOCK) {
                requireAdamW(config);
                requireOneDecay(config);
                requirePairScope(settings.objective());
                artifacts.writeStock(recipe, tuning.beginning());
            } else {
                artifacts.writeGraphs(recipe);
                artifacts.writeCheckpoint(tuning.model(), settings.optimizer(), tuning.beginning());
            }
        }
        output.line("artifacts in " + folder);
    }

    private static void requirePairScope(Objective objective) {
        if (objective.scope() != Scope.PAIR) {
            throw new ConfigException(
                    "head.name: got \"" + objective.name() + "\" with --stock, expected a head whose pairs"
                            + " are independent; this one is differentiated outside the graph");
        }
    }

    private static void requireAdamW(Config config) {
        if (config.train().optimizer() != Optimizer.ADAMW) {
            throw new ConfigException(
                    "train.optimizer: got " + config.train().optimizer().key()
                            + " with --stock, expected adamw: ONNX Runtime's own optimizer has no other rule with moments");
        }
    }

    private static void requireOneDecay(Config config) {
        if (!config.train().noDecay().isEmpty()) {
            throw new ConfigException("train.no_decay: got " + config.train().noDecay()
                    + ", expected none with --stock, whose optimizer has one weight decay for all");
        }
    }
}
