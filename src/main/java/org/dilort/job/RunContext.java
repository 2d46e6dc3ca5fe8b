package org.dilort.job;

import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.data.PackOptions;
import org.dilort.data.Packer;
import org.dilort.heads.OptionalInput;
import org.dilort.model.ModelSize;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtScorer;
import org.dilort.runtime.SessionSettings;
import org.dilort.train.RunFolder;

/** What every part of a training run needs: the configuration, the model it starts from, the folder it writes. */
record RunContext(
        Config config, JobOutput output, RunFolder folder, StartingModel start, Tuning tuning, RunSettings settings) {

    TrainingArtifacts artifacts() {
        return tuning.artifacts(folder.artifacts());
    }

    TrainingArtifacts.Recipe recipe() {
        return settings.recipe(tuning.model());
    }

    /** Of the pass that computes reference log-probabilities: nothing is kept for a gradient, so more may go at once. */
    Packer referencePacker() {
        PackOptions training = settings.packing();
        int budget = config.reference().microBatchTokens();
        return new Packer(new PackOptions(Math.min(training.rowTokens(), budget), budget, training.layout()));
    }

    /** Of graphs that score: evaluation has training's micro-batches, the reference pass its own. */
    GraphOptions scoringOptions(ModelSize model) {
        return settings.scoring(
                model,
                Math.max(
                        settings.packing().microBatchTokens(),
                        config.reference().microBatchTokens()));
    }

    Packer packer() {
        return new Packer(settings.packing());
    }

    /**
     * A model that scores; its files may be closed afterwards.
     *
     * @param wanted what heads ask for beside log-probability sums
     */
    LogProbModel scorer(Tuning.Stored stored, Set<OptionalInput> wanted) {
        GraphOptions options = scoringOptions(stored.model().size());
        return OrtScorer.open(stored.model(), stored.weights(), options, wanted, settings.session());
    }

    /** In float on the CPU, whatever the run computes in and on. */
    LogProbModel exactScorer(Tuning.Stored stored) {
        GraphOptions options = settings.floatGraphs(stored.model().size());
        SessionSettings session = new SessionSettings(settings.session().threads());
        return OrtScorer.open(stored.model(), stored.weights(), options, Set.of(), session);
    }

    /** As the run's heads need it. */
    LogProbModel scorer(Tuning.Stored stored) {
        return scorer(stored, settings.objective().optionalInputs());
    }

    /** Uses the policy before its first step; where no other file has it, the first checkpoint does. */
    <T> T atStart(Function<Tuning.Stored, T> use) {
        Optional<Tuning.Stored> initial = tuning.initial();
        if (initial.isPresent()) {
            return use.apply(initial.get());
        }
        try (CheckpointReader begun = CheckpointReader.open(artifacts().checkpoint())) {
            return use.apply(tuning.at(begun));
        }
    }
}
