package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.ExternalTensor;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtNatives;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EightBitWeightsTest {
    /** Row 0 has the scale 1.27 / 127 = 0.01 and the codes 127, -64, 0; row 1 the scale 0.2 and the codes 0, 127, -63. */
    private static final float[] WEIGHT = {1.27f, -0.64f, 0, 0, 25.4f, -12.6f};

    private static final Value TABLE = value("w", DType.FLOAT, Dim.of(2), Dim.of(3));

    @TempDir
    private Path temp;

    private static Value value(String name, DType type, Dim... dims) {
        return new Value(name, new TensorType(type, new Shape(List.of(dims))));
    }

    private static Graph graph(Value input, Node node, Map<String, Tensor> constants) {
        ExternalTensor weight = new ExternalTensor(TABLE, "none", 0, DType.FLOAT.bytesOf(6));
        return new Graph("g", List.of(input), node.outputs(), constants, List.of(weight), List.of(node));
    }

    private float[][] run(Graph graph, String input, OnnxTensor feed) throws IOException, OrtException {
        Path folder = Files.createDirectories(temp.resolve("weights"));
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        writer.add("w", WeightType.F32, List.of(2L, 3L), FloatSource.of(WEIGHT));
        writer.writeFolder(folder, ShardPlan.singleFile());
        Path model = temp.resolve("model.onnx");
        try (SafetensorsFolder source = SafetensorsFolder.open(folder)) {
            WeightFile file = new WeightFile("model.onnx_data");
            Graph coded = new EightBitWeights(graph, source, file).rewrite(graph, name -> {
                throw new AssertionError(name + " is still in float");
            });
            file.write(temp);
            Files.write(model, OnnxWriter.toBytes(coded));
        }
        try (OrtSession session = OrtNatives.environment().createSession(model.toString());
                OrtSession.Result result = session.run(Map.of(input, feed))) {
            OnnxValue output = result.get(0);
            return (float[][]) output.getValue();
        }
    }

    /**
     * x from 0 to 255 has the scale 1 and the codes 0, 255, 51. Row 0: 0.01 (255 * -64) = -163.2; row 1: 0.2 (255 * 127 - 51 * 63) =
     * 5834.4; and the bias.
     */
    @Test
    void aProductIsThatOfTheCodes() throws Exception {
        Value x = value("x", DType.FLOAT, Dim.of("n"), Dim.of(3));
        Value bias = value("b", DType.FLOAT, Dim.of(2));
        Node gemm = new Node(
                "product",
                "",
                "Gemm",
                List.of(x, TABLE, bias),
                List.of(value("y", DType.FLOAT, Dim.of("n"), Dim.of(2))),
                Map.of("transB", Attribute.of(1)));
        Graph graph = graph(x, gemm, Map.of("b", Tensor.of(DType.FLOAT, bias.shape(), 1, -1)));
        try (OnnxTensor feed = OnnxTensor.createTensor(
                OrtNatives.environment(), FloatBuffer.wrap(new float[] {0, 255, 51}), new long[] {1, 3})) {
            assertThat(run(graph, "x", feed)[0]).containsExactly(new float[] {-162.2f, 5833.4f}, within(1e-2f));
        }
    }

    @Test
    void aLookUpGivesTheDecodedRow() throws Exception {
        Value ids = value("ids", DType.INT64, Dim.of("n"));
        Node gather = new Node(
                "lookup",
                "",
                "Gather",
                List.of(TABLE, ids),
                List.of(value("y", DType.FLOAT, Dim.of("n"), Dim.of(3))),
                Map.of());
        try (OnnxTensor feed =
                OnnxTensor.createTensor(OrtNatives.environment(), LongBuffer.wrap(new long[] {1, 0}), new long[] {2})) {
            float[][] rows = run(graph(ids, gather, Map.of()), "ids", feed);
            assertThat(rows[0]).containsExactly(new float[] {0, 25.4f, -12.6f}, within(1e-5f));
            assertThat(rows[1]).containsExactly(new float[] {1.27f, -0.64f, 0}, within(1e-5f));
        }
    }
}
