package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.error.UserException;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A user's file that is broken ends in one line that names the file and the place in it. */
class OnnxReaderTest {

    /** out = Softmax(x + c) over {@code x [pairs, 2]}, as another tool may write it. */
    private static OnnxMl.ModelProto.Builder model() {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder().setIrVersion(8);
        model.addOpsetImportBuilder().setVersion(17);
        OnnxMl.GraphProto.Builder graph = model.getGraphBuilder().setName("user");
        OnnxMl.ValueInfoProto.Builder x = graph.addInputBuilder().setName("x");
        OnnxMl.TypeProto.Tensor.Builder type = x.getTypeBuilder().getTensorTypeBuilder();
        type.setElemType(DType.FLOAT.onnxNumber());
        type.getShapeBuilder().addDimBuilder().setDimParam("pairs");
        type.getShapeBuilder().addDimBuilder().setDimValue(2);
        graph.addInitializerBuilder()
                .setName("c")
                .setDataType(DType.FLOAT.onnxNumber())
                .addDims(2)
                .addFloatData(1)
                .addFloatData(2);
        graph.addNodeBuilder()
                .setName("plus")
                .setOpType("Add")
                .addInput("x")
                .addInput("c")
                .addOutput("sum");
        OnnxMl.NodeProto.Builder softmax =
                graph.addNodeBuilder().setName("soft").setOpType("Softmax");
        softmax.addInput("sum").addOutput("out");
        softmax.addAttributeBuilder()
                .setName("axis")
                .setType(OnnxMl.AttributeProto.AttributeType.INT)
                .setI(-1);
        graph.addOutputBuilder().setName("out");
        return model;
    }

    private static Map<String, Value> read(byte[] bytes) {
        OnnxReader reader = OnnxReader.parse(bytes, "head.onnx");
        GraphBuilder graph = new GraphBuilder("target");
        Value x = graph.input("x", DType.FLOAT, Dim.of("pairs"), Dim.of(2));
        return reader.inline(graph, Map.of("x", x), Map.of());
    }

    private static DynamicTest refused(
            Class<? extends UserException> kind, String message, Consumer<OnnxMl.GraphProto.Builder> damage) {
        return dynamicTest(message, () -> {
            OnnxMl.ModelProto.Builder model = model();
            damage.accept(model.getGraphBuilder());
            assertThatThrownBy(() -> read(model.build().toByteArray()))
                    .isExactlyInstanceOf(kind)
                    .hasMessageStartingWith("head.onnx: " + message)
                    .hasMessageNotContaining("\n");
        });
    }

    private static DynamicTest broken(String message, Consumer<OnnxMl.GraphProto.Builder> damage) {
        return refused(FormatException.class, message, damage);
    }

    private static DynamicTest unsupported(String message, Consumer<OnnxMl.GraphProto.Builder> damage) {
        return refused(UnsupportedOperatorException.class, message, damage);
    }

    @Test
    void fileOfAnotherToolIsRead() {
        assertThat(read(model().build().toByteArray()).get("out").shape()).hasToString("[pairs, 2]");
    }

    @TestFactory
    Stream<DynamicTest> values() {
        return Stream.of(
                broken(
                        "value 'nope' in node plus is no input, constant or earlier result",
                        g -> g.getNodeBuilder(0).setInput(0, "nope")),
                broken(
                        "value '' in node plus is no input",
                        g -> g.getNodeBuilder(0).setInput(0, "")),
                broken(
                        "value 'out' in node plus is no input",
                        g -> g.getNodeBuilder(0).setInput(0, "out")),
                broken(
                        "value 'gone' in the outputs is no input",
                        g -> g.getOutputBuilder(0).setName("gone")),
                broken(
                        "value 'y' in the inputs is no input",
                        g -> g.getInputBuilder(0).setName("y")),
                broken(
                        "value 'x' in node plus is there already",
                        g -> g.getNodeBuilder(0).setOutput(0, "x")),
                broken(
                        "value 'sum' in node soft is there already",
                        g -> g.getNodeBuilder(1).setOutput(0, "sum")),
                broken(
                        "node plus has 2 outputs, expected at most 1",
                        g -> g.getNodeBuilder(0).addOutput("more")),
                // An output without a name must not become what an omitted input reads.
                broken("value '' in node soft is no input", g -> {
                    g.getNodeBuilder(0).setOutput(0, "");
                    g.getNodeBuilder(1).setInput(0, "");
                }));
    }

    @TestFactory
    Stream<DynamicTest> nodes() {
        return Stream.of(
                unsupported(
                        "node plus: operator Einsum is not supported",
                        g -> g.getNodeBuilder(0).setOpType("Einsum")),
                unsupported(
                        "node plus: operator org.else::Add is not supported",
                        g -> g.getNodeBuilder(0).setDomain("org.else")),
                broken(
                        "node plus: Add(%x:float[pairs, 2]): got 1 inputs, expected 2",
                        g -> g.getNodeBuilder(0).clearInput().addInput("x")),
                broken(
                        "node soft: Softmax(%Add_0:float[pairs, 2]): axis 7 is out of range",
                        g -> g.getNodeBuilder(1).getAttributeBuilder(0).setI(7)),
                broken(
                        "node soft: Softmax(%Add_0:float[pairs, 2]): unknown attribute dim",
                        g -> g.getNodeBuilder(1).getAttributeBuilder(0).setName("dim")),
                broken(
                        "node soft: attribute axis is there twice",
                        g -> g.getNodeBuilder(1)
                                .addAttribute(g.getNodeBuilder(1).getAttribute(0))),
                broken(
                        "node soft: Softmax(%Add_0:float[pairs, 2]): attribute axis is FloatValue",
                        g -> g.getNodeBuilder(1)
                                .getAttributeBuilder(0)
                                .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)),
                unsupported(
                        "node soft: attribute axis has type GRAPH, which is not supported",
                        g -> g.getNodeBuilder(1)
                                .getAttributeBuilder(0)
                                .setType(OnnxMl.AttributeProto.AttributeType.GRAPH)),
                broken(
                        "node Softmax: Softmax(",
                        g -> g.getNodeBuilder(1)
                                .clearName()
                                .getAttributeBuilder(0)
                                .setI(Long.MIN_VALUE)),
                broken(
                        "node a?b: ",
                        g -> g.getNodeBuilder(0).setName("a\nb").clearInput().addInput("x")));
    }

    @TestFactory
    Stream<DynamicTest> constants() {
        return Stream.of(
                broken(
                        "constant c: ONNX element type 14 is not supported",
                        g -> g.getInitializerBuilder(0).setDataType(14)),
                broken(
                        "constant c: type FLOAT16 outside raw_data",
                        g -> g.getInitializerBuilder(0).setDataType(DType.FLOAT16.onnxNumber())),
                broken(
                        "constant c: tensor FLOAT[2]: 4 bytes, expected 8",
                        g -> g.getInitializerBuilder(0).clearFloatData().addFloatData(1)),
                broken(
                        "constant c: tensor FLOAT[2]: 3 bytes, expected 8",
                        g -> g.getInitializerBuilder(0).setRawData(ByteString.copyFrom(new byte[3]))),
                broken(
                        "constant c: dimension -2, expected >= 0",
                        g -> g.getInitializerBuilder(0).setDims(0, -2)),
                broken(
                        "constant c: a size is out of range",
                        g -> g.getInitializerBuilder(0).clearFloatData().setDims(0, 1L << 62)),
                broken(
                        "constant c: external data, expected it inside the file",
                        g -> g.getInitializerBuilder(0).setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)),
                broken("constant c is there twice", g -> g.addInitializer(g.getInitializer(0))));
    }

    @TestFactory
    Stream<DynamicTest> inputs() {
        return Stream.of(
                broken(
                        "input x: ONNX element type 0 is not supported",
                        g -> g.getInputBuilder(0).clearType()),
                broken(
                        "input x: dimension -1, expected >= 0",
                        g -> g.getInputBuilder(0)
                                .getTypeBuilder()
                                .getTensorTypeBuilder()
                                .getShapeBuilder()
                                .getDimBuilder(1)
                                .setDimValue(-1)),
                broken("input : a value needs a name", g -> g.getInputBuilder(0).clearName()));
    }

    @Test
    void dimensionWithoutNameIsUnlikeAnyOther() {
        OnnxMl.ModelProto.Builder model = model();
        OnnxMl.TensorShapeProto.Builder shape = model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder();
        shape.getDimBuilder(0).clearDimParam();
        shape.getDimBuilder(1).clearDimValue();
        Value x = OnnxReader.parse(model.build().toByteArray(), "head.onnx")
                .inputs()
                .get(0);
        assertThat(x.dim(0)).isNotEqualTo(x.dim(1));
    }

    /** The sum of x and each Constant, as exporters write numbers. */
    @SafeVarargs
    private static OnnxMl.ModelProto.Builder withConstants(Consumer<OnnxMl.AttributeProto.Builder>... values) {
        OnnxMl.ModelProto.Builder model = model();
        OnnxMl.GraphProto.Builder graph = model.getGraphBuilder().clearNode();
        String sum = "x";
        for (int i = 0; i < values.length; i++) {
            OnnxMl.NodeProto.Builder constant = graph.addNodeBuilder().setOpType("Constant");
            constant.setName("number " + i).addOutput("constant" + i);
            values[i].accept(constant.addAttributeBuilder());
            node(graph, "Add", sum, "constant" + i, "sum" + i);
            sum = "sum" + i;
        }
        graph.getOutputBuilder(0).setName(sum);
        return model;
    }

    private static void number(OnnxMl.AttributeProto.Builder attribute) {
        attribute
                .setName("value_float")
                .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                .setF(2.5f);
    }

    private static void tensor(OnnxMl.AttributeProto.Builder attribute) {
        attribute.setName("value").setType(OnnxMl.AttributeProto.AttributeType.TENSOR);
        attribute
                .getTBuilder()
                .setDataType(DType.FLOAT.onnxNumber())
                .addDims(2)
                .addFloatData(1)
                .addFloatData(-1);
    }

    private static void wholeNumbers(OnnxMl.AttributeProto.Builder attribute) {
        attribute
                .setName("value_ints")
                .setType(OnnxMl.AttributeProto.AttributeType.INTS)
                .addInts(1)
                .addInts(2);
    }

    @Test
    void constantNodesAreConstants() {
        OnnxReader reader = OnnxReader.parse(
                withConstants(OnnxReaderTest::number, OnnxReaderTest::tensor)
                        .build()
                        .toByteArray(),
                "c");
        GraphBuilder graph = new GraphBuilder("target");
        Value x = graph.input("x", DType.FLOAT, Dim.of("pairs"), Dim.of(2));
        graph.output("y", reader.inline(graph, Map.of("x", x), Map.of()).get("sum1"));
        Array input = Array.of(new long[] {1, 2}, 10, 20);
        assertThat(GraphRunner.run(graph.build(), Map.of("x", input)).get("y").values())
                .containsExactly(13.5, 21.5);
        assertThat(reader.places()).containsExactly("node Add", "node Add");
    }

    @Test
    void wrongConstantNodeIsNamed() {
        assertThatThrownBy(() ->
                        read(withConstants(OnnxReaderTest::wholeNumbers).build().toByteArray()))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(
                        "head.onnx: node Add: Add(%x:float[pairs, 2], %constant_1:int64[2]): inputs 0 and");
        assertThatThrownBy(() -> read(withConstants(
                                a -> a.setName("value_string").setType(OnnxMl.AttributeProto.AttributeType.STRING))
                        .build()
                        .toByteArray()))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessage("head.onnx: node number 0: attribute value_string of a Constant is not supported");
        OnnxMl.ModelProto.Builder empty = withConstants(OnnxReaderTest::number);
        empty.getGraphBuilder().getNodeBuilder(0).clearAttribute();
        assertThatThrownBy(() -> read(empty.build().toByteArray()))
                .hasMessage(
                        "head.onnx: node number 0: 0 inputs and attributes [], expected no input and one attribute");
    }

    @Test
    void metadataIsGiven() {
        OnnxMl.ModelProto.Builder model = model();
        model.addMetadataPropsBuilder().setKey("scope").setValue("step");
        assertThat(OnnxReader.parse(model.build().toByteArray(), "head.onnx").metadata())
                .isEqualTo(Map.of("scope", "step"));
    }

    /** The operator is what is wrong, not that its middle input is left out. */
    @Test
    void operatorThatIsNotSupportedIsNamedFirst() {
        OnnxMl.ModelProto.Builder model = model();
        model.getGraphBuilder()
                .getNodeBuilder(0)
                .setName("clamp")
                .setOpType("Clip")
                .setInput(1, "");
        assertThatThrownBy(() -> read(model.build().toByteArray()))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessage("head.onnx: node clamp: operator Clip is not supported (node clamp)");
    }

    @Test
    void constantsKeepAllDigits() {
        OnnxMl.ModelProto.Builder model = model();
        model.getGraphBuilder()
                .addInitializerBuilder()
                .setName("big")
                .setDataType(DType.INT64.onnxNumber())
                .addDims(2)
                .addInt64Data((1L << 53) + 1)
                .addInt64Data(Long.MAX_VALUE);
        Map<String, Tensor> constants =
                OnnxReader.parse(model.build().toByteArray(), "head.onnx").constants();
        assertThat(constants.get("big").toLongs()).containsExactly((1L << 53) + 1, Long.MAX_VALUE);
        assertThat(constants.get("c").toDoubles()).containsExactly(1, 2);
    }

    @Test
    void opsetMustBeOneThatWeRead() {
        OnnxMl.ModelProto.Builder model = model();
        model.getOpsetImportBuilder(0).setVersion(11);
        assertThatThrownBy(() -> read(model.build().toByteArray()))
                .hasMessage("head.onnx: opset 11, expected 13 to 21");
        model.clearOpsetImport();
        assertThatThrownBy(() -> read(model.build().toByteArray()))
                .hasMessage("head.onnx: no opset, expected 13 to 21");
    }

    @Test
    void whatIsNoOnnxFileIsRefused() {
        byte[] bytes = model().build().toByteArray();
        byte[] cut = java.util.Arrays.copyOf(bytes, bytes.length - 1);
        assertThatThrownBy(() -> read(cut))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("head.onnx: not an ONNX file (");
        assertThatThrownBy(() -> read(new byte[0])).hasMessage("head.onnx: no graph in this ONNX file");
        assertThatThrownBy(() -> read("{\"head\": 1}".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("head.onnx: ");
    }

    /** Forty squarings of a dimension would need a trillion letters; the refusal must come long before. */
    @Test
    void shapeThatDoublesWithEveryNodeIsRefused() {
        OnnxMl.ModelProto.Builder model = model();
        OnnxMl.GraphProto.Builder graph = model.getGraphBuilder();
        for (long[] numbers : new long[][] {{-1, 1}, {1, -1}, {-1}}) {
            OnnxMl.TensorProto.Builder constant = graph.addInitializerBuilder();
            constant.setName("shape" + graph.getInitializerCount()).setDataType(DType.INT64.onnxNumber());
            constant.addDims(numbers.length);
            java.util.Arrays.stream(numbers).forEach(constant::addInt64Data);
        }
        String value = "x";
        for (int i = 0; i < 40; i++) {
            node(graph, "Reshape", value, "shape2", "column" + i);
            node(graph, "Reshape", value, "shape3", "row" + i);
            node(graph, "MatMul", "column" + i, "row" + i, "square" + i);
            value = "square" + i;
        }
        assertThatThrownBy(() -> read(model.build().toByteArray()))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("head.onnx: node Reshape: ");
    }

    private static void node(OnnxMl.GraphProto.Builder graph, String op, String first, String second, String out) {
        graph.addNodeBuilder().setOpType(op).addInput(first).addInput(second).addOutput(out);
    }
}
