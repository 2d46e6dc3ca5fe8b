package org.dilort.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;

/** A small graph in a session of its own, numbers in and numbers out: loss heads beside their gradients. */
public final class OrtHeadProbe implements AutoCloseable {
    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtSession session;

    public OrtHeadProbe(Graph graph) {
        try (OrtSession.SessionOptions options = new SessionSettings(1).forHead()) {
            session = environment.createSession(OnnxWriter.toBytes(graph), options);
        } catch (OrtException e) {
            throw new RuntimeFailure("cannot open the head " + graph.name(), e);
        }
    }

    /**
     * @param inputs a vector, or the rows of an {@code [n, 2]}, for every input of the graph; others are left out
     * @return every output, which must be float
     */
    public Map<String, float[]> run(Map<String, float[]> inputs) {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (String name : session.getInputNames()) {
                TensorInfo info = (TensorInfo) session.getInputInfo().get(name).getInfo();
                feeds.put(name, tensor(inputs.get(name), info));
            }
            try (OrtSession.Result result = session.run(feeds)) {
                return Outputs.floats(result, session.getOutputNames());
            }
        } catch (OrtException e) {
            throw new RuntimeFailure("the head failed", e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(float[] values, TensorInfo info) throws OrtException {
        boolean columns = info.getShape().length == 2;
        long[] shape = columns ? new long[] {values.length / 2, 2} : new long[] {values.length};
        if (info.type != OnnxJavaType.INT64) {
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
        }
        LongBuffer numbers = LongBuffer.allocate(values.length);
        for (float value : values) {
            numbers.put((long) value);
        }
        return OnnxTensor.createTensor(environment, numbers.flip(), shape);
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
