package org.dilort.job;

import java.util.Set;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.GraphOptions;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.data.Packer;
import org.dilort.heads.OptionalInput;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.OrtScorer;
import org.dilort.train.RunFolder;
import org.dilort.weights.WeightSource;

/** What every part of a training run needs: the configuration, the model it starts from, the folder it writes. */
record RunContext(Config config, JobOutput output, RunFolder folder, StartingModel start, RunSettings settings) {

    TrainingArtifacts artifacts() {
        return new TrainingArtifacts(folder.artifacts());
    }

    Packer packer() {
        return new Packer(settings.packing());
    }

    /**
     * A model that scores with the weights of {@code source}, which may be closed afterwards.
     *
     * @param wanted what heads ask for beside log-probability sums
     */
    LogProbModel scorer(StartingModel model, WeightSource source, Set<OptionalInput> wanted) {
        GraphOptions options = settings.graphOptions(model.model().size());
        return OrtScorer.open(model.model(), source, options, wanted, settings.session());
    }

    /** A model before its first step; one of random weights is read from the checkpoint that holds them. */
    LogProbModel scorer(StartingModel model, Set<OptionalInput> wanted) {
        if (model.weights() instanceof InitialWeights.Pretrained pretrained) {
            return scorer(model, pretrained.source(), wanted);
        }
        try (CheckpointReader begun = CheckpointReader.open(artifacts().checkpoint())) {
            return scorer(model, begun, wanted);
        }
    }
}
