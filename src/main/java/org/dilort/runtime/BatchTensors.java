package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.artifacts.TrainingGraph;
import org.dilort.model.BatchInputs;
import org.dilort.model.PromptInputs;

/** A micro-batch as tensors, by the names of the graph contract: those that a graph declares, in its order. */
final class BatchTensors implements AutoCloseable {
    private final OrtEnvironment environment;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    private BatchTensors(OrtEnvironment environment) {
        this.environment = environment;
    }

    /**
     * @param names the graph's inputs; ONNX Runtime's training calls go by position alone
     * @param coefficients further inputs, of the graphs of step heads: of log-probability sums {@code [pairs * 2]}, else
     *     a vector
     */
    static BatchTensors of(
            OrtEnvironment environment, MicroBatch batch, Iterable<String> names, Map<String, float[]> coefficients)
            throws OrtException {
        BatchTensors result = new BatchTensors(environment);
        try {
            for (String name : names) {
                float[] own = coefficients.get(name);
                result.tensors.put(name, own == null ? result.tensor(name, batch) : result.coefficients(name, own));
            }
            return result;
        } catch (OrtException | RuntimeException e) {
            result.close();
            throw e;
        }
    }

    static BatchTensors of(OrtEnvironment environment, MicroBatch batch, Iterable<String> names) throws OrtException {
        return of(environment, batch, names, Map.of());
    }

    private OnnxTensor tensor(String name, MicroBatch batch) throws OrtException {
        long[] tokens = {batch.rows(), batch.length()};
        return switch (name) {
            case BatchInputs.INPUT_IDS -> integers(batch.inputIds(), tokens);
            case BatchInputs.POSITION_IDS -> integers(batch.positionIds(), tokens);
            case BatchInputs.DOCUMENT_IDS -> integers(batch.documentIds(), tokens);
            case BatchInputs.BRANCH_IDS -> integers(batch.branchIds(), tokens);
            case BatchInputs.TARGET_POSITIONS -> integers(batch.targetPositions());
            case BatchInputs.TARGET_IDS -> integers(batch.targetIds());
            case BatchInputs.TARGET_SEQUENCES -> integers(batch.targetSequences());
            case BatchInputs.REFERENCE_LOGPS -> floats(batch.referenceLogps(), batch.pairs(), 2);
            case BatchInputs.PAIR_WEIGHTS -> floats(batch.pairWeights(), batch.pairs());
            case BatchInputs.STEP_COUNTS -> floats(batch.stepCounts(), 2);
            case "reference_token_logps" -> floats(batch.referenceTokenLogps(), batch.targets());
            case PromptInputs.PROMPT_POSITIONS ->
                integers(PromptTargets.of(batch).positions());
            case PromptInputs.PROMPT_IDS -> integers(PromptTargets.of(batch).ids());
            case PromptInputs.PROMPT_PAIRS -> integers(PromptTargets.of(batch).pairs());
            default -> throw new IllegalStateException("the graph has an input " + name + " that no batch has");
        };
    }

    private OnnxTensor coefficients(String name, float[] values) throws OrtException {
        return name.equals(TrainingGraph.coefficient(TrainingGraph.POLICY_LOGPS))
                ? floats(values, values.length / 2, 2)
                : floats(values, values.length);
    }

    private OnnxTensor integers(long[] values, long... shape) throws OrtException {
        long[] dims = shape.length == 0 ? new long[] {values.length} : shape;
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), dims);
    }

    private OnnxTensor floats(float[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }

    Map<String, OnnxTensor> byName() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
