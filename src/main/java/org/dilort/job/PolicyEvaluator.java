package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.files.DurableFiles;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.train.Evaluator;
import org.dilort.weights.WeightSource;

/** Measures the policy as it is now: its state is written to a scratch file, from which inference sessions map the weights. */
final class PolicyEvaluator implements Evaluator {
    private final TrainablePolicy policy;
    private final Path scratch;
    private final Measure measure;

    /** What is asked of the weights after a step. */
    interface Measure {
        SortedMap<String, Double> of(long step, WeightSource weights);
    }

    /** @param scratch a folder for the time of a measurement */
    PolicyEvaluator(TrainablePolicy policy, Path scratch, Measure measure) {
        this.policy = policy;
        this.scratch = scratch;
        this.measure = measure;
    }

    @Override
    public SortedMap<String, Double> evaluate(long step) {
        Path state = scratch.resolve("checkpoint");
        try {
            Files.createDirectories(scratch);
            policy.save(state);
            try (CheckpointReader weights = CheckpointReader.open(state)) {
                return measure.of(step, weights);
            } finally {
                DurableFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(scratch + ": cannot be used", e);
        }
    }
}
