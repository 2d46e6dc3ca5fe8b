package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.SavedState;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.artifacts.UpdateGraph;
import org.dilort.heads.Objective;
import org.dilort.heads.Scope;

/**
 * A training session of ONNX Runtime behind names.
 *
 * <p>Java's training calls pass values by position and check names for membership only: a map in another order gives
 * results under wrong names without an error. Here every call is built from the session's own lists, and the session
 * is refused when these are not the ones of our graphs.
 */
public final class OrtPolicy implements TrainablePolicy {
    private static final Set<String> PAIR_OUTPUTS = Set.of(
            TrainingGraph.LOSS,
            TrainingGraph.LOSSES,
            TrainingGraph.POLICY_LOGPS,
            TrainingGraph.REWARDS,
            TrainingGraph.SATURATED,
            TrainingGraph.SKIPPED);

    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtTrainingSession session;
    private final Optimizer optimizer;
    private final BatchLimits limits;
    private long appliedUpdates;

    private OrtPolicy(OrtTrainingSession session, Optimizer optimizer, BatchLimits limits, long appliedUpdates) {
        this.session = session;
        this.optimizer = optimizer;
        this.limits = limits;
        this.appliedUpdates = appliedUpdates;
    }

    /**
     * @param recipe what the artifacts were written from
     * @param checkpoint the training state to go on from
     * @param appliedUpdates updates that the state has already seen
     */
    public static OrtPolicy open(
            TrainingArtifacts artifacts,
            TrainingArtifacts.Recipe recipe,
            Path checkpoint,
            long appliedUpdates,
            SessionSettings settings) {
        BatchLimits limits = new BatchLimits(
                recipe.model().size().vocabulary(), recipe.options().tablePositions());
        OrtTrainingSession session = openSession(artifacts, checkpoint, settings);
        try {
            requireNames(session.getTrainOutputNames(), outputs(recipe.objective()));
            requireNames(
                    session.getEvalInputNames(),
                    recipe.optimizer().scalars(0, 1).keySet());
            return new OrtPolicy(session, recipe.optimizer(), limits, appliedUpdates);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static Set<String> outputs(Objective objective) {
        if (objective.scope() == Scope.PAIR) {
            return PAIR_OUTPUTS;
        }
        Set<String> names = new HashSet<>(Set.of(TrainingGraph.LOSS, TrainingGraph.POLICY_LOGPS));
        objective.optionalInputs().forEach(input -> names.addAll(input.givenByModel()));
        return names;
    }

    private static OrtTrainingSession openSession(
            TrainingArtifacts artifacts, Path checkpoint, SessionSettings settings) {
        try (OrtSession.SessionOptions options = settings.forTraining(artifacts)) {
            return OrtNatives.environment()
                    .createTrainingSession(
                            checkpoint.toString(),
                            artifacts.trainingModel().toString(),
                            artifacts.updateModel().toString(),
                            null,
                            options);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open the training session", e);
        }
    }

    private static void requireNames(Set<String> actual, Set<String> expected) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException("the session has " + actual + ", expected " + expected);
        }
    }

    @Override
    public StepResult accumulate(MicroBatch batch) {
        Map<String, float[]> outputs = accumulate(batch, Map.of());
        return new StepResult(
                outputs.get(TrainingGraph.LOSS)[0],
                outputs.get(TrainingGraph.LOSSES),
                outputs.get(TrainingGraph.POLICY_LOGPS),
                outputs.get(TrainingGraph.REWARDS),
                new PairFlags(outputs.get(TrainingGraph.SATURATED), outputs.get(TrainingGraph.SKIPPED)));
    }

    /**
     * Adds a micro-batch's gradient.
     *
     * @param coefficients for the graph of a step head, d loss / d output by {@link TrainingGraph#coefficient}
     * @return the graph's outputs by name
     */
    Map<String, float[]> accumulate(MicroBatch batch, Map<String, float[]> coefficients) {
        limits.check(batch);
        try (BatchTensors tensors = BatchTensors.of(environment, batch, session.getTrainInputNames(), coefficients);
                OrtSession.Result result = session.trainStep(tensors.byName(), session.getTrainOutputNames())) {
            return Outputs.floats(result, session.getTrainOutputNames());
        } catch (OrtException e) {
            throw new RuntimeFailure("the training step failed", e);
        }
    }

    @Override
    public void discard() {
        try {
            session.lazyResetGrad();
        } catch (OrtException e) {
            throw new RuntimeFailure("the gradient could not be reset", e);
        }
    }

    @Override
    public UpdateResult update(double learningRate) {
        Map<String, Double> scalars = optimizer.scalars(learningRate, appliedUpdates + 1);
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (String name : session.getEvalInputNames()) {
                float[] value = {scalars.get(name).floatValue()};
                feeds.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(value), new long[0]));
            }
            try (OrtSession.Result result = session.evalStep(feeds, session.getEvalOutputNames())) {
                float norm = Outputs.floats(result, UpdateGraph.GRADIENT_NORM)[0];
                session.lazyResetGrad();
                boolean applied = Float.isFinite(norm);
                appliedUpdates += applied ? 1 : 0;
                return new UpdateResult(norm, applied);
            }
        } catch (OrtException e) {
            throw new RuntimeFailure("the update failed", e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void save(Path checkpointFile) {
        try {
            session.saveCheckpoint(checkpointFile, false);
            SavedState.dropGradients(checkpointFile);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot save " + checkpointFile, e);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
