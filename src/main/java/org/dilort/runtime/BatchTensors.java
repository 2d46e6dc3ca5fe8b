package org.dilort.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.model.BatchInputs;

/** A micro-batch as tensors, by the names of the graph contract. */
final class BatchTensors implements AutoCloseable {
    private final OrtEnvironment environment;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    BatchTensors(OrtEnvironment environment, MicroBatch batch) throws OrtException {
        this.environment = environment;
        try {
            long[] tokens = {batch.rows(), batch.length()};
            long[] targets = {batch.targets()};
            put(BatchInputs.INPUT_IDS, batch.inputIds(), tokens);
            put(BatchInputs.POSITION_IDS, batch.positionIds(), tokens);
            put(BatchInputs.DOCUMENT_IDS, batch.documentIds(), tokens);
            put(BatchInputs.BRANCH_IDS, batch.branchIds(), tokens);
            put(BatchInputs.TARGET_POSITIONS, batch.targetPositions(), targets);
            put(BatchInputs.TARGET_IDS, batch.targetIds(), targets);
            put(BatchInputs.TARGET_SEQUENCES, batch.targetSequences(), targets);
            put(BatchInputs.REFERENCE_LOGPS, batch.referenceLogps(), batch.pairs(), 2);
            put(BatchInputs.PAIR_WEIGHTS, batch.pairWeights(), batch.pairs());
            put(BatchInputs.STEP_COUNTS, batch.stepCounts(), 2);
        } catch (OrtException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Adds an input {@code [pairs, 2]} that only some graphs have. */
    BatchTensors with(String name, float[] values) throws OrtException {
        put(name, values, values.length / 2, 2);
        return this;
    }

    private void put(String name, long[] values, long[] shape) throws OrtException {
        tensors.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
    }

    private void put(String name, float[] values, long... shape) throws OrtException {
        tensors.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
    }

    /** The tensors that a graph declares, in its order; ONNX Runtime's training calls go by position alone. */
    Map<String, OnnxTensor> inOrder(Iterable<String> names) {
        Map<String, OnnxTensor> ordered = new LinkedHashMap<>();
        for (String name : names) {
            OnnxTensor tensor = tensors.get(name);
            if (tensor == null) {
                throw new IllegalStateException("the graph has an input " + name + " that no batch has");
            }
            ordered.put(name, tensor);
        }
        return ordered;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
