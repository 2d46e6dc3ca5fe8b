package org.dilort.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;

/**
 * A small graph in a session of its own, numbers in and numbers out: loss heads beside their gradients. What ONNX Runtime
 * has against it comes as an exception only, not as its own lines on standard error.
 */
public final class OrtHeadProbe implements AutoCloseable {
    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtSession session;

    /** @throws RuntimeFailure if ONNX Runtime refuses the graph, as for an operator without kernel for its type */
    public OrtHeadProbe(Graph graph) {
        try (OrtSession.SessionOptions options = new SessionSettings(1).forHead()) {
            if (graph.inputs().stream().anyMatch(input -> input.dtype() == DType.DOUBLE)) {
                // the higher levels fuse what they have no double kernel for, such as x sigmoid(x)
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
            }
            session = environment.createSession(OnnxWriter.toBytes(graph), options);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open the head " + graph.name(), e);
        }
    }

    /**
     * @param inputs a vector, or the rows of an {@code [n, 2]}, for every input of the graph; others are left out
     * @return every output, which must be float or double
     */
    public Map<String, double[]> run(Map<String, double[]> inputs) {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (String name : session.getInputNames()) {
                TensorInfo info = (TensorInfo) session.getInputInfo().get(name).getInfo();
                feeds.put(name, tensor(inputs.get(name), info));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                Map<String, double[]> outputs = new LinkedHashMap<>();
                for (String name : session.getOutputNames()) {
                    outputs.put(name, Outputs.doubles(result, name));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new RuntimeFailure("the head failed", e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(double[] values, TensorInfo info) throws OrtException {
        boolean columns = info.getShape().length == 2;
        long[] shape = columns ? new long[] {values.length / 2, 2} : new long[] {values.length};
        if (info.type == OnnxJavaType.DOUBLE) {
            return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(values), shape);
        }
        if (info.type == OnnxJavaType.INT64) {
            LongBuffer numbers = LongBuffer.allocate(values.length);
            Arrays.stream(values).forEach(value -> numbers.put((long) value));
            return OnnxTensor.createTensor(environment, numbers.flip(), shape);
        }
        FloatBuffer floats = FloatBuffer.allocate(values.length);
        Arrays.stream(values).forEach(value -> floats.put((float) value));
        return OnnxTensor.createTensor(environment, floats.flip(), shape);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot close the head", e);
        }
    }
}
