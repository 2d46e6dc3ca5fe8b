package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.dilort.error.UnsupportedOperatorException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Mistakes are refused where they are made, and the message names operator, operands and what was expected. */
class GraphBuilderTest {

    /** A graph with inputs x, y {@code [2, 3]}, n {@code [rows, 3]}, ids int64 {@code [2]} and b bool {@code [2, 3]}. */
    private static final class Sample {
        private final GraphBuilder graph = new GraphBuilder("sample");
        private final Ops ops = new Ops(graph);
        private final Value x = graph.input("x", DType.FLOAT, Dim.of(2), Dim.of(3));
        private final Value y = graph.input("y", DType.DOUBLE, Dim.of(2), Dim.of(3));
        private final Value n = graph.input("n", DType.FLOAT, Dim.of("rows"), Dim.of(3));
        private final Value ids = graph.input("ids", DType.INT64, Dim.of(2));
        private final Value b = graph.input("b", DType.BOOL, Dim.of(2), Dim.of(3));

        private Value longs(long... values) {
            return ops.constant(Tensor.int64s(values));
        }

        private void node(String op, Map<String, Attribute> attributes, Value... operands) {
            graph.node(Schema.ONNX, op, List.of(operands), attributes);
        }
    }

    private static DynamicTest refused(String message, Consumer<Sample> mistake) {
        return dynamicTest(
                message,
                () -> assertThatThrownBy(() -> mistake.accept(new Sample()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageEndingWith(message));
    }

    @TestFactory
    Stream<DynamicTest> arityAndAttributes() {
        return Stream.of(
                refused(
                        "Exp(%x:float[2, 3], %x:float[2, 3]): got 2 inputs, expected 1",
                        s -> s.node("Exp", Map.of(), s.x, s.x)),
                refused("Gemm(%x:float[2, 3]): got 1 inputs, expected 2 to 3", s -> s.node("Gemm", Map.of(), s.x)),
                refused(
                        "unknown attribute axes, expected one of [axis]",
                        s -> s.node("Softmax", Map.of("axes", Attribute.of(1)), s.x)),
                refused(
                        "attribute axis is FloatValue[value=1.0], expected IntValue",
                        s -> s.node("Softmax", Map.of("axis", Attribute.of(1.0)), s.x)),
                refused("attribute perm is missing", s -> s.node("Transpose", Map.of(), s.x)),
                refused(
                        "axis 2 is out of range for rank 2",
                        s -> s.node("Softmax", Map.of("axis", Attribute.of(2)), s.x)),
                refused(
                        "ONNX element type 99 is not supported",
                        s -> s.node("Cast", Map.of("to", Attribute.of(99)), s.x)));
    }

    @TestFactory
    Stream<DynamicTest> elementTypes() {
        return Stream.of(
                refused("inputs 0 and 1 are FLOAT and DOUBLE, expected one type", s -> s.ops.add(s.x, s.y)),
                refused("inputs 0 and 1 are FLOAT and DOUBLE, expected one type", s -> s.ops.matMul(s.x, s.y)),
                refused("input 0 is INT64, expected a floating-point type", s -> s.ops.exp(s.ids)),
                refused("input 0 is BOOL, expected numbers", s -> s.ops.add(s.b, s.b)),
                refused("input 0 is BOOL, expected numbers", s -> s.ops.reduceSum(s.b, 0)),
                refused("input 0 is FLOAT, expected BOOL", s -> s.ops.not(s.x)),
                refused("input 0 is FLOAT, expected BOOL", s -> s.ops.where(s.x, s.x, s.x)),
                refused("input 1 is FLOAT, expected INT64", s -> s.ops.gather(s.x, s.x, 0)));
    }

    @TestFactory
    Stream<DynamicTest> shapes() {
        return Stream.of(
                refused("shapes [2, 3] and [rows, 3] do not broadcast: 2 and rows", s -> s.ops.mul(s.x, s.n)),
                refused("inner dimensions 3 and 2 differ", s -> s.ops.matMul(s.x, s.x)),
                refused("ranks 1 and 1, expected at least 2", s -> s.ops.matMul(s.ids, s.ids)),
                refused(
                        "bias [3, 1, 1] does not broadcast to [2, 2]",
                        s -> s.ops.linear(
                                s.x, s.ops.slice(s.x, 0, 0, 2), s.ops.full(Shape.of(3, 1, 1), DType.FLOAT, 0))),
                refused("shape [2, 3] does not reshape to [4, 2]", s -> s.ops.reshape(s.x, Dim.of(4), Dim.of(2))),
                refused("shapes differ outside axis 0", s -> s.ops.concat(0, s.x, s.ops.slice(s.x, 1, 0, 2))),
                refused("input 1 has rank 2, expected 1", s -> s.ops.concat(0, s.ids, s.ops.unsqueeze(s.ids, 0))),
                refused("axis 0 has dimension 2, expected 1", s -> s.ops.squeeze(s.x, 0)),
                refused("input 1 names an axis twice", s -> s.ops.unsqueeze(s.x, 0, 0)),
                refused("input 1 names no axis", s -> s.ops.reduceSum(s.x)),
                refused("perm [] is no permutation of the axes", s -> s.ops.transpose(s.x)),
                refused("perm [0, 0] is no permutation of the axes", s -> s.ops.transpose(s.x, 0, 0)),
                refused("input 0 has dimension 3 at axis 1, expected 4", s -> s.ops.split(s.x, 1, 2, 2)),
                refused("start 2 and end 1 of the symbolic dimension rows", s -> s.ops.slice(s.n, 0, 2, 1)),
                refused(
                        "indices [2] and updates [2, 3] differ in shape",
                        s -> s.ops.scatterAdd(s.ops.slice(s.ops.reshape(s.x, Dim.of(6)), 0, 0, 4), s.ids, s.x, 0)),
                refused(
                        "buffer [2, 3] and value [3, 2] differ in shape",
                        s -> s.ops.accumulate(s.x, s.ops.transpose(s.x, 1, 0))));
    }

    /** What operators read as shapes and axes must be known when the graph is built. */
    @TestFactory
    Stream<DynamicTest> valuesThatDecideShapes() {
        return Stream.of(
                refused("input 1 must be a constant or made of Shape", s -> s.node("Reshape", Map.of(), s.x, s.ids)),
                refused("input 1 must be a constant", s -> s.node("ReduceSum", Map.of(), s.x, s.ids)),
                refused("has more than one -1", s -> s.node("Reshape", Map.of(), s.x, s.longs(-1, -1))),
                refused(
                        "0 at axis 2 of the shape has no dimension to copy",
                        s -> s.node("Reshape", Map.of(), s.x, s.longs(2, 3, 0))),
                refused(
                        "does not reshape to [0, 3]",
                        s -> s.node("Reshape", Map.of("allowzero", Attribute.of(1)), s.x, s.longs(0, 3))),
                refused(
                        "input 1 must be a constant or made of Shape",
                        s -> s.node("Expand", Map.of(), s.x, s.longs(-2, 3))),
                refused("input 1 holds -1, expected sizes", s -> s.node("Expand", Map.of(), s.x, s.longs(-1, 3))),
                refused("input 0 holds -1, expected sizes", s -> s.node("ConstantOfShape", Map.of(), s.longs(-1))),
                refused(
                        "2 starts, 1 ends and 1 axes, expected as many",
                        s -> s.node("Slice", Map.of(), s.x, s.longs(0, 0), s.longs(1), s.longs(0))),
                refused(
                        "expected a start of 0 and steps of 1",
                        s -> s.node("Range", Map.of(), s.longs(5), s.longs(10), s.longs(1))),
                refused("input 1 holds 2 sizes, expected 1", s -> s.node("TopK", Map.of(), s.x, s.longs(1, 1))),
                refused("input 1 holds -1, expected sizes", s -> s.node("TopK", Map.of(), s.x, s.longs(-1))),
                refused(
                        "input 1 holds 2 sizes, expected 1",
                        s -> s.node("OneHot", Map.of(), s.ids, s.longs(3, 4), s.longs(0, 1))),
                refused(
                        "axis 0, expected the last",
                        s -> s.node("OneHot", Map.of("axis", Attribute.of(0)), s.ids, s.longs(3), s.longs(0, 1))));
    }

    @Test
    void unknownOperatorIsNamed() {
        Sample sample = new Sample();
        assertThatThrownBy(() -> sample.ops.scope("head", () -> {
                    sample.node("Einsum", Map.of(), sample.x);
                    return 0;
                }))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessage("operator Einsum is not supported (node head/Einsum)");
        assertThatThrownBy(() -> sample.graph.node("com.microsoft", "Gemm", List.of(sample.x, sample.x), Map.of()))
                .hasMessageContaining("com.microsoft::Gemm is not supported");
    }

    @Test
    void valueOfAnotherGraphIsRefusedEvenUnderAKnownName() {
        Sample one = new Sample();
        Sample other = new Sample();
        assertThatThrownBy(() -> one.ops.add(one.x, other.x)).hasMessage("value %x:float[2, 3] is not of graph sample");
        assertThatThrownBy(() -> one.graph.output("out", other.x)).hasMessageContaining("is not of graph sample");
        assertThatThrownBy(() -> one.graph.relabel(other.n, Shape.of(Dim.of("m"), Dim.of(3))))
                .hasMessageContaining("is not of graph sample");
    }

    @Test
    void namesAreTakenOnce() {
        Sample sample = new Sample();
        assertThatThrownBy(() -> sample.graph.input("x", DType.FLOAT)).hasMessage("graph sample already has a value x");
        assertThatThrownBy(() -> sample.graph.constant("y", Tensor.int64s(1)))
                .hasMessage("graph sample already has a value y");
        assertThatThrownBy(() -> sample.graph.output("n", sample.x)).hasMessage("graph sample already has a value n");
    }

    @Test
    void graphWithoutOutputIsRefused() {
        Sample sample = new Sample();
        sample.ops.exp(sample.x);
        assertThatThrownBy(sample.graph::build).hasMessage("graph sample has no output");
    }

    @Test
    void dimensionThatNoValueHasIsRefused() {
        Sample sample = new Sample();
        assertThatThrownBy(() -> sample.ops.range(Dim.of("columns")))
                .hasMessage("no value of graph sample has the dimension columns");
    }

    @Test
    void onlySymbolsTakeOtherNames() {
        Sample sample = new Sample();
        Value relabelled = sample.graph.relabel(sample.n, Shape.of(Dim.of("m"), Dim.of(3)));
        assertThat(relabelled.shape()).hasToString("[m, 3]");
        assertThatThrownBy(() -> sample.graph.relabel(sample.n, Shape.of(Dim.of("m"), Dim.of("k"))))
                .hasMessage("value %n:float[rows, 3] cannot be read as [m, k]");
        assertThatThrownBy(() -> sample.graph.relabel(sample.n, Shape.SCALAR))
                .hasMessage("value %n:float[rows, 3] cannot be read as []");
    }

    @Test
    void reshapeThatWouldGiveAnotherSymbolIsRefused() {
        Sample sample = new Sample();
        assertThatThrownBy(() -> sample.ops.reshape(sample.n, Dim.of("columns"), Dim.of(3)))
                .hasMessage("%n:float[rows, 3] does not reshape to [columns, 3], it gives [rows, 3]");
    }

    @Test
    void whatNoOutputNeedsIsLeftOut() {
        Sample sample = new Sample();
        sample.ops.mul(sample.x, 7);
        sample.graph.output("out", sample.ops.mul(sample.x, 3));
        Graph graph = sample.graph.build();
        assertThat(graph.nodes()).extracting(Node::op).containsExactly("Mul", "Identity");
        assertThat(graph.constants().values()).containsExactly(Tensor.scalar(DType.FLOAT, 3));
        assertThat(graph.inputs()).hasSize(5);
    }

    /** The mean goes with the deviation that is read behind it; without either there is one output. */
    @Test
    void optionalOutputsAreLeftOutFromTheEnd() {
        for (int read = 0; read < 3; read++) {
            GraphBuilder graph = new GraphBuilder("g");
            Value x = graph.input("x", DType.FLOAT, Dim.of("n"), Dim.of(4));
            Value gain = graph.input("gain", DType.FLOAT, Dim.of(4));
            List<Value> results = graph.node("", "LayerNormalization", List.of(x, gain, gain), Map.of());
            graph.output("out", results.get(read));
            Node norm = graph.build().nodes().get(0);
            assertThat(norm.outputs()).isEqualTo(results.subList(0, read + 1));
        }
    }

    @Test
    void equalConstantsAreOne() {
        Sample sample = new Sample();
        assertThat(sample.ops.scalar(sample.x, 2)).isSameAs(sample.ops.scalar(sample.n, 2));
        assertThat(sample.ops.scalar(sample.x, 0.0)).isNotSameAs(sample.ops.scalar(sample.x, -0.0));
    }

    @Test
    void graphPrintsLikeOnnx() {
        Sample sample = new Sample();
        sample.graph.output("out", sample.ops.transpose(sample.x, 1, 0));
        sample.graph.constant("half", new Tensor(DType.FLOAT16, Shape.of(1), new byte[2]));
        assertThat(sample.graph.build().toString())
                .contains("  %Transpose_0:float[3, 2] = Transpose(%x) {perm=[1, 0]}\n", "\n  return %out");
        assertThat(new Tensor(DType.FLOAT16, Shape.of(1), new byte[2])).hasToString("float16[1]");
    }

    @Test
    void tensorsRefuseBytesThatDoNotFit() {
        assertThatThrownBy(() -> new Tensor(DType.FLOAT, Shape.of(2), new byte[7]))
                .hasMessage("tensor FLOAT[2]: 7 bytes, expected 8");
        assertThatThrownBy(() -> new Tensor(DType.FLOAT, Shape.of(1L << 62), new byte[0]))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Tensor.scalar(DType.BFLOAT16, 1))
                .hasMessage("BFLOAT16 constants are written as float and cast");
        Value weight = new Value("w", new TensorType(DType.FLOAT, Shape.of(2)));
        assertThatThrownBy(() -> new ExternalTensor(weight, "f", 0, 4))
                .hasMessage("%w:float[2]: 4 external bytes, expected 8");
        assertThatThrownBy(() -> new ExternalTensor(weight, "f", -1, 8))
                .hasMessage("%w:float[2]: offset -1, expected >= 0");
    }
}
