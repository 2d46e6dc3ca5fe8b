package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.dilort.artifacts.Optimizer;
import org.dilort.artifacts.SavedState;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.artifacts.UpdateGraph;
import org.dilort.heads.Scope;

/**
 * A training session of ONNX Runtime behind names.
 *
 * <p>Java's training calls pass values by position and check names for membership only: a map in another order gives
 * results under wrong names without an error. Here every call is built from the session's own lists, and the session
 * is refused when these are not the ones of our graphs.
 */
public final class OrtPolicy implements TrainablePolicy {
    private static final Set<String> OUTPUTS =
            Set.of(TrainingGraph.LOSS, TrainingGraph.LOSSES, TrainingGraph.POLICY_LOGPS, TrainingGraph.REWARDS);
    private static final Set<String> LINEAR_OUTPUTS = Set.of(TrainingGraph.LOSS, TrainingGraph.POLICY_LOGPS);

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
            boolean linear = recipe.head().head().scope() == Scope.STEP;
            requireNames(session.getTrainOutputNames(), linear ? LINEAR_OUTPUTS : OUTPUTS);
            requireNames(
                    session.getEvalInputNames(),
                    recipe.optimizer().scalars(0, 1).keySet());
            return new OrtPolicy(session, recipe.optimizer(), limits, appliedUpdates);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static OrtTrainingSession openSession(
            TrainingArtifacts artifacts, Path checkpoint, SessionSettings settings) {
        try (OrtSession.SessionOptions options = settings.forTraining()) {
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
        limits.check(batch);
        try (BatchTensors tensors = new BatchTensors(environment, batch);
                OrtSession.Result result = session.trainStep(
                        tensors.inOrder(session.getTrainInputNames()), session.getTrainOutputNames())) {
            return new StepResult(
                    Outputs.floats(result, TrainingGraph.LOSS)[0],
                    Outputs.floats(result, TrainingGraph.LOSSES),
                    Outputs.floats(result, TrainingGraph.POLICY_LOGPS),
                    Outputs.floats(result, TrainingGraph.REWARDS));
        } catch (OrtException e) {
            throw new RuntimeFailure("the training step failed", e);
        }
    }

    /**
     * The same for the graph of a step head: adds the gradient of the sum of coefficient times log-probability.
     *
     * @param coefficients {@code [pairs * 2]}
     * @return log-probability sums, {@code [pairs * 2]}
     */
    float[] accumulate(MicroBatch batch, float[] coefficients) {
        limits.check(batch);
        try (BatchTensors tensors =
                        new BatchTensors(environment, batch).with(TrainingGraph.LOGP_COEFFICIENTS, coefficients);
                OrtSession.Result result = session.trainStep(
                        tensors.inOrder(session.getTrainInputNames()), session.getTrainOutputNames())) {
            return Outputs.floats(result, TrainingGraph.POLICY_LOGPS);
        } catch (OrtException e) {
            throw new RuntimeFailure("the training step failed", e);
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
