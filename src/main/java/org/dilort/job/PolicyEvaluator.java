package org.dilort.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.function.Function;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.files.DurableFiles;
import org.dilort.runtime.LogProbModel;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.train.Evaluator;
import org.dilort.weights.WeightSource;

/**
 * Measures the policy as it is now on the held-out set: its state is written to a scratch file, from which an inference
 * session maps the weights.
 */
final class PolicyEvaluator implements Evaluator {
    private final TrainablePolicy policy;
    private final Path scratch;
    private final Function<WeightSource, LogProbModel> opener;
    private final HeldOut heldOut;

    /** @param scratch a folder for the time of a measurement */
    PolicyEvaluator(
            TrainablePolicy policy, Path scratch, Function<WeightSource, LogProbModel> opener, HeldOut heldOut) {
        this.policy = policy;
        this.scratch = scratch;
        this.opener = opener;
        this.heldOut = heldOut;
    }

    @Override
    public SortedMap<String, Double> evaluate() {
        Path state = scratch.resolve("checkpoint");
        try {
            Files.createDirectories(scratch);
            policy.save(state);
            try (CheckpointReader weights = CheckpointReader.open(state);
                    LogProbModel model = opener.apply(weights)) {
                return heldOut.measure(model);
            } finally {
                DurableFiles.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(scratch + ": cannot be used", e);
        }
    }
}
