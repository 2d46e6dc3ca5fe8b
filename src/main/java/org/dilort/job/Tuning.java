package org.dilort.job;

import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.artifacts.InitialWeights;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.config.Config;
import org.dilort.model.CausalLm;
import org.dilort.weights.NamedTensors;

/** What a run trains of its model, and what models the trained tensors make with the rest of it. */
interface Tuning extends AutoCloseable {

    /** @param folder of the artifacts, where constants may be made that these refer to */
    static Tuning of(Config config, StartingModel start, Path folder) {
        return config.model().lora().enabled() ? AdapterTuning.of(config, start, folder) : new FullTuning(start);
    }

    /** The model under training; its parameters are what is updated. */
    CausalLm model();

    /** What the parameters begin as. */
    InitialWeights beginning();

    /** The artifacts of a folder, with the constants of this model. */
    TrainingArtifacts artifacts(Path folder);

    /**
     * A model whose weights lie in files.
     *
     * @param weights its parameters and constants
     */
    record Stored(CausalLm model, NamedTensors weights) {}

    /** The model with the tensors of a checkpoint. */
    Stored at(NamedTensors checkpoint);

    /** The initial policy, where files have it before the first checkpoint is written. */
    Optional<Stored> initial();

    /** SHA-256 that tells the initial policy from any other model. */
    String hash();

    /** All weights of the model, with the tensors of a checkpoint, under their names in a Hugging Face folder. */
    NamedTensors whole(NamedTensors checkpoint);

    /** Whether the run hands over the whole model. */
    default boolean deliversWhole() {
        return true;
    }

    /** Writes what is trained apart from its base, if it is; gives the folder. */
    default Optional<Path> deliverAdapter(NamedTensors checkpoint, Path folder) {
        return Optional.empty();
    }

    /** What a resumed run must have the same, beside the model. */
    default SortedMap<String, String> identity() {
        return new TreeMap<>();
    }

    @Override
    default void close() {}
}
