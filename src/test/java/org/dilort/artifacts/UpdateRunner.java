package org.dilort.artifacts;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.dilort.autodiff.Form;
import org.dilort.model.Parameter;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtNatives;

/** Runs an update's graph over buffers that it changes in place, as a training session does with its parameters. */
final class UpdateRunner implements AutoCloseable {
    private final OrtEnvironment environment = OrtNatives.environment();
    private final Optimizer optimizer;
    private final Graph graph;
    private final OrtSession session;
    private final Map<String, FloatBuffer> buffers = new LinkedHashMap<>();
    private long applied;

    UpdateRunner(List<Parameter> parameters, Optimizer optimizer, Predicate<Parameter> decayed) {
        this(parameters, optimizer, decayed, Form.PLAIN);
    }

    UpdateRunner(List<Parameter> parameters, Optimizer optimizer, Predicate<Parameter> decayed, Form form) {
        this.optimizer = optimizer;
        this.graph = UpdateGraph.build(parameters, optimizer, decayed, form);
        for (Value input : graph.inputs()) {
            int elements = (int) LongStream.of(input.shape().toArray()).reduce(1, (a, b) -> a * b);
            ByteBuffer bytes = ByteBuffer.allocateDirect(elements * Float.BYTES).order(ByteOrder.nativeOrder());
            buffers.put(input.name(), bytes.asFloatBuffer());
        }
        try {
            this.session = environment.createSession(OnnxWriter.toBytes(graph));
        } catch (OrtException e) {
            throw new AssertionError(graph.toString(), e);
        }
    }

    void set(String tensor, double... values) {
        FloatBuffer buffer = buffers.get(tensor);
        for (int i = 0; i < values.length; i++) {
            buffer.put(i, (float) values[i]);
        }
    }

    double[] get(String tensor) {
        FloatBuffer buffer = buffers.get(tensor);
        double[] values = new double[buffer.capacity()];
        Arrays.setAll(values, buffer::get);
        return values;
    }

    /** Every tensor but the scalars. */
    Map<String, List<Double>> tensors() {
        Map<String, List<Double>> tensors = new LinkedHashMap<>();
        for (String name : buffers.keySet()) {
            if (!optimizer.scalars(1, 1).containsKey(name)) {
                tensors.put(name, Arrays.stream(get(name)).boxed().toList());
            }
        }
        return tensors;
    }

    /** One update; gives the norm of all gradients. */
    double step(double learningRate) {
        optimizer.scalars(learningRate, applied + 1).forEach(this::set);
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (Value input : graph.inputs()) {
                if (session.getInputNames().contains(input.name())) {
                    FloatBuffer buffer = buffers.get(input.name());
                    feeds.put(
                            input.name(),
                            OnnxTensor.createTensor(
                                    environment, buffer, input.shape().toArray()));
                }
            }
            try (OrtSession.Result result = session.run(feeds)) {
                OnnxTensor norm =
                        (OnnxTensor) result.get(UpdateGraph.GRADIENT_NORM).orElseThrow();
                double value = norm.getFloatBuffer().get(0);
                applied += Double.isFinite(value) ? 1 : 0;
                return value;
            }
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new AssertionError(e);
        }
    }
}
