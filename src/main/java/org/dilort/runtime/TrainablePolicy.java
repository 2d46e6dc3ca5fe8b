package org.dilort.runtime;

import java.nio.file.Path;
import java.util.List;

/** The model under training, one thread at a time: gradients add up over micro-batches until an update uses them. */
public interface TrainablePolicy extends AutoCloseable {

    /** Runs forward and backward; the first call after an update starts a new sum of gradients. */
    StepResult accumulate(MicroBatch batch);

    /** All micro-batches of an optimizer step, for a loss that looks at every pair of it. */
    default List<StepResult> accumulateStep(List<MicroBatch> step) {
        return step.stream().map(this::accumulate).toList();
    }

    /** Clips, updates every parameter and ends the optimizer step. */
    UpdateResult update(double learningRate);

    /** Ends the optimizer step without an update: what was accumulated is forgotten. */
    void discard();

    /**
     * Writes parameters and optimizer state to {@code checkpointFile} and {@code checkpointFile.data}, and what else it
     * needs to go on to files beside them.
     */
    void save(Path checkpointFile);

    @Override
    void close();
}
