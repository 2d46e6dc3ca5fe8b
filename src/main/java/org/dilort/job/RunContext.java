package org.dilort.job;

import java.util.Optional;
import java.util.function.Function;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.data.Packer;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtScorer;
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

    Packer packer() {
        return new Packer(settings.packing());
    }

    /** A model that scores; its files may be closed afterwards. */
    LogProbModel scorer(Tuning.Stored stored) {
        return OrtScorer.open(
                stored.model(),
                stored.weights(),
                settings.graphOptions(stored.model().size()),
                settings.session());
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
