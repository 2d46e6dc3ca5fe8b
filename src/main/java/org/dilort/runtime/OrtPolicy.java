package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtTrainingSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.dilort.artifacts.AdamW;
import org.dilort.artifacts.TrainingArtifacts;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.artifacts.UpdateGraph;

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
    private static final Set<String> UPDATE_INPUTS =
            Set.of(UpdateGraph.LEARNING_RATE, UpdateGraph.STEP_SIZE, UpdateGraph.SECOND_CORRECTION);

    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtTrainingSession session;
    private final AdamW optimizer;
    private final int longestRow;
    private long appliedUpdates;

    private OrtPolicy(OrtTrainingSession session, AdamW optimizer, int longestRow, long appliedUpdates) {
        this.session = session;
        this.optimizer = optimizer;
        this.longestRow = longestRow;
        this.appliedUpdates = appliedUpdates;
    }

    /**
     * @param checkpoint the training state to go on from
     * @param longestRow tokens of the longest row that the graphs were written for
     * @param appliedUpdates updates that the state has already seen
     */
    public static OrtPolicy open(
            TrainingArtifacts artifacts,
            Path checkpoint,
            AdamW optimizer,
            int longestRow,
            long appliedUpdates,
            SessionSettings settings) {
        OrtEnvironment environment = OrtNatives.environment();
        try (OrtSession.SessionOptions options = settings.forTraining()) {
            OrtTrainingSession session = environment.createTrainingSession(
                    checkpoint.toString(),
                    artifacts.trainingModel().toString(),
                    artifacts.updateModel().toString(),
                    null,
                    options);
            requireNames(session.getTrainOutputNames(), OUTPUTS);
            requireNames(session.getEvalInputNames(), UPDATE_INPUTS);
            return new OrtPolicy(session, optimizer, longestRow, appliedUpdates);
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
        if (batch.length() > longestRow) {
            throw new IllegalArgumentException(
                    "a row of " + batch.length() + " tokens, the graph takes at most " + longestRow);
        }
        try (BatchTensors tensors = new BatchTensors(environment, batch);
                OrtSession.Result result = session.trainStep(
                        tensors.inOrder(session.getTrainInputNames()), session.getTrainOutputNames())) {
            return new StepResult(
                    floats(result, TrainingGraph.LOSS)[0],
                    floats(result, TrainingGraph.LOSSES),
                    floats(result, TrainingGraph.POLICY_LOGPS),
                    floats(result, TrainingGraph.REWARDS));
        } catch (OrtException e) {
            throw new RuntimeFailure("the training step failed", e);
        }
    }

    @Override
    public UpdateResult update(double learningRate) {
        double next = appliedUpdates + 1.0;
        Map<String, Double> scalars = Map.of(
                UpdateGraph.LEARNING_RATE, learningRate,
                UpdateGraph.STEP_SIZE, learningRate / (1 - Math.pow(optimizer.beta1(), next)),
                UpdateGraph.SECOND_CORRECTION, 1 / Math.sqrt(1 - Math.pow(optimizer.beta2(), next)));
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (String name : session.getEvalInputNames()) {
                float[] value = {scalars.get(name).floatValue()};
                feeds.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(value), new long[0]));
            }
            try (OrtSession.Result result = session.evalStep(feeds, session.getEvalOutputNames())) {
                float norm = floats(result, UpdateGraph.GRADIENT_NORM)[0];
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

    private static float[] floats(OrtSession.Result result, String name) {
        OnnxValue value =
                result.get(name).orElseThrow(() -> new IllegalStateException("the session gave no output " + name));
        FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
        float[] floats = new float[buffer.remaining()];
        buffer.get(floats);
        return floats;
    }

    @Override
    public void save(Path checkpointFile) {
        try {
            session.saveCheckpoint(checkpointFile, false);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot save " + checkpointFile, e);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
