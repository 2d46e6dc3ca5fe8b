package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxWriterTest {
    private static final long SEED = 11;
    private static final Map<String, Array> INPUTS = Map.of(
            "x", Array.random(new SplittableRandom(SEED), -2, 2, 3, 4),
            "y", Array.random(new SplittableRandom(SEED + 1), -2, 2, 5, 4));

    /** Every kind of attribute, constants of several types, a symbolic dimension, two outputs, an operator of ORT. */
    private static Graph sample() {
        return sample(1.5);
    }

    private static Graph sample(double factor) {
        GraphBuilder graph = new GraphBuilder("sample");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", DType.FLOAT, Dim.of("rows"), Dim.of(4));
        Value y = graph.input("y", DType.FLOAT, Dim.of(5), Dim.of(4));
        Value scale = graph.constant("scale", Tensor.scalar(DType.FLOAT, factor));
        Value product = ops.mul(ops.linear(x, y), scale); // [rows, 5]
        Value gated = ops.quickGelu(product, 0.7);
        Value turned = ops.transpose(gated, 1, 0); // [5, rows]
        Value sums = ops.full(Shape.of(2), DType.FLOAT, 0.25);
        Value perRow = ops.squeeze(ops.reduceSum(ops.slice(turned, 0, 0, 2), 1), 1); // [2]
        graph.output("sums", ops.scatterAdd(sums, ops.constant(Tensor.int64s(1, 1)), perRow, 0));
        graph.output("turned", ops.cast(ops.cast(turned, DType.DOUBLE), DType.FLOAT));
        return graph.build();
    }

    @Test
    void sameGraphGivesTheSameBytes() {
        byte[] bytes = OnnxWriter.toBytes(sample());
        assertThat(OnnxWriter.toBytes(sample())).isEqualTo(bytes);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("b", "1");
        metadata.put("a", "2");
        assertThat(OnnxWriter.toBytes(sample(), metadata))
                .isEqualTo(OnnxWriter.toBytes(sample(), metadata))
                .isNotEqualTo(bytes);
    }

    @Test
    void fileHoldsWhatTheGraphHolds() throws Exception {
        OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(OnnxWriter.toBytes(sample(), Map.of("key", "value")));
        assertThat(model.getIrVersion()).isEqualTo(10);
        assertThat(model.getOpsetImportList()).hasSize(2).anyMatch(opset -> opset.getVersion() == 18);
        assertThat(model.getMetadataProps(0).getValue()).isEqualTo("value");
        assertThat(model.getGraph().getInputList())
                .extracting(OnnxMl.ValueInfoProto::getName)
                .containsExactly("x", "y");
        OnnxMl.TensorShapeProto shape =
                model.getGraph().getInput(0).getType().getTensorType().getShape();
        assertThat(shape.getDim(0).getDimParam()).isEqualTo("rows");
        assertThat(shape.getDim(1).getDimValue()).isEqualTo(4);
        assertThat(model.getGraph().getInitializerList())
                .extracting(OnnxMl.TensorProto::getName)
                .contains("scale");
    }

    @Test
    void opsetOfOnnxRuntimeIsImportedOnlyWhereItIsUsed() throws Exception {
        GraphBuilder graph = new GraphBuilder("plain");
        graph.output("out", graph.input("x", DType.FLOAT));
        OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(OnnxWriter.toBytes(graph.build()));
        assertThat(model.getOpsetImportList())
                .singleElement()
                .extracting(OnnxMl.OperatorSetIdProto::getDomain)
                .isEqualTo("");
    }

    @Test
    void graphThatIsReadBackComputesTheSame() {
        Map<String, Array> expected = GraphRunner.run(sample(), INPUTS);
        OnnxReader reader = OnnxReader.parse(OnnxWriter.toBytes(sample()), "sample.onnx");
        GraphBuilder again = new GraphBuilder("again");
        Map<String, Value> bindings = new LinkedHashMap<>();
        for (Value input : reader.inputs()) {
            Dim[] dims = input.shape().dims().toArray(Dim[]::new);
            bindings.put(input.name(), again.input(input.name(), input.dtype(), dims));
        }
        assertThat(bindings.get("x").shape()).isEqualTo(sample().input("x").shape());
        reader.inline(again, bindings, Map.of()).forEach(again::output);
        Map<String, Array> actual = GraphRunner.run(again.build(), INPUTS);
        assertThat(actual.keySet()).containsExactlyInAnyOrder("sums", "turned");
        expected.forEach((name, array) -> {
            assertThat(actual.get(name).shape()).isEqualTo(array.shape());
            assertThat(actual.get(name).values()).isEqualTo(array.values());
        });
    }

    @Test
    void constantsCanBeReplacedWhenRead() {
        OnnxReader reader = OnnxReader.parse(OnnxWriter.toBytes(sample()), "sample.onnx");
        assertThat(reader.constants()).containsEntry("scale", Tensor.scalar(DType.FLOAT, 1.5));
        GraphBuilder again = new GraphBuilder("again");
        Map<String, Value> bindings = Map.of(
                "x", again.input("x", DType.FLOAT, Dim.of("rows"), Dim.of(4)),
                "y", again.input("y", DType.FLOAT, Dim.of(5), Dim.of(4)));
        Map<String, Value> outputs =
                reader.inline(again, bindings, Map.of("scale", again.constant(Tensor.scalar(DType.FLOAT, 3))));
        again.output("turned", outputs.get("turned"));
        assertThat(GraphRunner.run(again.build(), INPUTS).get("turned").values())
                .isEqualTo(GraphRunner.run(sample(3), INPUTS).get("turned").values());
    }

    @Test
    void onnxCheckerAcceptsTheGraph(@TempDir Path folder) {
        OnnxChecker.check(OnnxWriter.toBytes(sample()), folder);
    }

    /** The checker must be able to say no, else the tests that rely on it show nothing. */
    @Test
    void onnxCheckerRefusesAWrongShape(@TempDir Path folder) {
        GraphBuilder builder = new GraphBuilder("small");
        Value x = builder.input("x", DType.FLOAT, Dim.of(2), Dim.of(3));
        builder.output("out", new Ops(builder).transpose(x, 1, 0));
        Graph good = builder.build();
        Value wrong = new Value("out", new TensorType(DType.FLOAT, Shape.of(3, 7)));
        Graph bad =
                new Graph(good.name(), good.inputs(), List.of(wrong), good.constants(), good.externals(), good.nodes());
        OnnxChecker.check(OnnxWriter.toBytes(good), folder);
        assertThatThrownBy(() -> OnnxChecker.check(OnnxWriter.toBytes(bad), folder))
                .hasMessageContaining("(7)");
    }
}
