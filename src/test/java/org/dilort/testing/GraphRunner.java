package org.dilort.testing;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtNatives;

/** Runs a graph in ONNX Runtime, numbers in and numbers out. */
public final class GraphRunner implements AutoCloseable {
    private final Graph graph;
    private final OrtEnvironment environment = OrtNatives.environment();
    private final OrtSession session;

    public GraphRunner(Graph graph) {
        this(graph, 1);
    }

    public GraphRunner(Graph graph, int threads) {
        this.graph = graph;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setOptimizationLevel(level(graph));
            this.session = environment.createSession(OnnxWriter.toBytes(graph), options);
        } catch (OrtException e) {
            throw new AssertionError(graph.toString(), e);
        }
    }

    /** The extended level fuses what it has no double kernel for, such as x sigmoid(x). */
    private static OrtSession.SessionOptions.OptLevel level(Graph graph) {
        boolean hasDoubles = graph.nodes().stream()
                .flatMap(node -> node.outputs().stream())
                .anyMatch(value -> value.dtype() == DType.DOUBLE);
        return hasDoubles
                ? OrtSession.SessionOptions.OptLevel.BASIC_OPT
                : OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
    }

    public static Map<String, Array> run(Graph graph, Map<String, Array> inputs) {
        try (GraphRunner runner = new GraphRunner(graph)) {
            return runner.run(inputs);
        }
    }

    public Map<String, Array> run(Map<String, Array> inputs) {
        Map<String, OnnxTensor> feeds = new LinkedHashMap<>();
        try {
            for (Value input : graph.inputs()) {
                if (session.getInputNames().contains(input.name())) {
                    feeds.put(input.name(), tensor(input, inputs.get(input.name())));
                }
            }
            try (OrtSession.Result result = session.run(feeds)) {
                Map<String, Array> outputs = new LinkedHashMap<>();
                for (Value output : graph.outputs()) {
                    outputs.put(output.name(), array((OnnxTensor)
                            result.get(output.name()).orElseThrow()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Value input, Array array) throws OrtException {
        if (array == null) {
            throw new AssertionError("no value for input " + input);
        }
        DType dtype = input.dtype();
        ByteBuffer buffer = ByteBuffer.allocateDirect(Math.toIntExact(dtype.bytesOf(array.values().length)))
                .order(ByteOrder.nativeOrder());
        for (double value : array.values()) {
            switch (dtype) {
                case FLOAT -> buffer.putFloat((float) value);
                case DOUBLE -> buffer.putDouble(value);
                case INT64 -> buffer.putLong((long) value);
                case INT32 -> buffer.putInt((int) value);
                case BOOL -> buffer.put((byte) value);
                case FLOAT16, BFLOAT16 -> throw new AssertionError("not fed by tests: " + dtype);
            }
        }
        buffer.flip();
        return OnnxTensor.createTensor(environment, buffer, array.shape(), OnnxJavaType.valueOf(javaName(dtype)));
    }

    private static String javaName(DType dtype) {
        return dtype == DType.BOOL ? "BOOL" : dtype.name();
    }

    private static Array array(OnnxTensor tensor) throws OrtException {
        long[] shape = tensor.getInfo().getShape();
        ByteBuffer buffer = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
        OnnxJavaType type = tensor.getInfo().type;
        int count = buffer.remaining() / type.size;
        double[] values = new double[count];
        FloatBuffer floats = buffer.asFloatBuffer();
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case FLOAT -> floats.get(i);
                case DOUBLE -> buffer.getDouble(i * 8);
                case INT64 -> buffer.getLong(i * 8);
                case INT32 -> buffer.getInt(i * 4);
                case BOOL, INT8, UINT8 -> buffer.get(i);
                default -> throw new AssertionError("not read by tests: " + type);
            };
        }
        return new Array(shape, values);
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
