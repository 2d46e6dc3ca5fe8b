package org.dilort.job;

import java.nio.file.Path;
import java.util.Optional;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.model.CausalLm;
import org.dilort.weights.NamedTensors;

/** Every weight is trained. */
record FullTuning(StartingModel start) implements Tuning {
    @Override
    public CausalLm model() {
        return start.model();
    }

    @Override
    public InitialWeights beginning() {
        return start.weights();
    }

    @Override
    public TrainingArtifacts artifacts(Path folder) {
        return new TrainingArtifacts(folder);
    }

    @Override
    public Stored at(NamedTensors checkpoint) {
        return new Stored(start.model(), checkpoint);
    }

    @Override
    public Optional<Stored> initial() {
        return start.weights() instanceof InitialWeights.Pretrained pretrained
                ? Optional.of(at(pretrained.source()))
                : Optional.empty();
    }

    @Override
    public String hash() {
        return start.hash();
    }

    @Override
    public NamedTensors whole(NamedTensors checkpoint) {
        return checkpoint;
    }
}
