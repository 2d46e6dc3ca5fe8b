package org.dilort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule against finite differences in double, with broadcasting and axes of size 1. */
class RulesTest {
    private interface Function extends BiFunction<Ops, List<Value>, Value> {}

    private static DynamicTest test(String name, Function function, Array... inputs) {
        Map<String, Array> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            named.put("x" + i, inputs[i]);
        }
        return DynamicTest.dynamicTest(
                name, () -> GradientCheck.inDouble(named, (tape, values) -> function.apply(tape.ops(), values)));
    }

    private static Array any(long... shape) {
        return Array.random(new SplittableRandom(GradientCheck.SEED), -2, 2, shape);
    }

    private static Array other(long... shape) {
        return Array.random(new SplittableRandom(GradientCheck.SEED + 1), -2, 2, shape);
    }

    private static Array positive(long... shape) {
        return Array.random(new SplittableRandom(GradientCheck.SEED + 2), 0.5, 2, shape);
    }

    @TestFactory
    Stream<DynamicTest> arithmetic() {
        return Stream.of(
                test("Add, broadcast", (g, x) -> g.add(x.get(0), x.get(1)), any(2, 3), other(3)),
                test("Sub, broadcast both ways", (g, x) -> g.sub(x.get(0), x.get(1)), any(2, 1), other(1, 3)),
                test("Mul, size 1 axis", (g, x) -> g.mul(x.get(0), x.get(1)), any(2, 3), other(2, 1)),
                test("Mul by itself", (g, x) -> g.mul(x.get(0), x.get(0)), any(2, 3)),
                test("Mul, scalar", (g, x) -> g.mul(x.get(0), x.get(1)), any(2, 3), other()),
                test("Div", (g, x) -> g.div(x.get(0), x.get(1)), any(2, 3), positive(3)),
                test("Pow", (g, x) -> g.pow(x.get(0), x.get(1)), positive(2, 3), other(3)),
                test("Neg", (g, x) -> g.neg(x.get(0)), any(4)),
                test("Sum", (g, x) -> g.sum(x.get(0), x.get(1), x.get(0)), any(2, 3), other(3)));
    }

    @TestFactory
    Stream<DynamicTest> functions() {
        return Stream.of(
                test("Exp", (g, x) -> g.exp(x.get(0)), any(5)),
                test("Log", (g, x) -> g.log(x.get(0)), positive(5)),
                test("Sqrt", (g, x) -> g.sqrt(x.get(0)), positive(5)),
                test("Reciprocal", (g, x) -> g.reciprocal(x.get(0)), positive(5)),
                test("Sigmoid", (g, x) -> g.sigmoid(x.get(0)), any(5)),
                test("Tanh", (g, x) -> g.tanh(x.get(0)), any(5)),
                test("Abs", (g, x) -> g.abs(x.get(0)), any(5)),
                test("Max", (g, x) -> g.max(x.get(0), x.get(1)), any(2, 3), other(3)),
                test("Min", (g, x) -> g.min(x.get(0), x.get(1)), any(2, 3), other(3)),
                test("Where", (g, x) -> g.where(g.greater(x.get(0), x.get(1)), x.get(0), x.get(1)), any(6), other(6)));
    }

    @TestFactory
    Stream<DynamicTest> products() {
        return Stream.of(
                test("MatMul", (g, x) -> g.matMul(x.get(0), x.get(1)), any(2, 3), other(3, 4)),
                test("MatMul, batch", (g, x) -> g.matMul(x.get(0), x.get(1)), any(2, 2, 3), other(2, 3, 1)),
                test("MatMul, broadcast batch", (g, x) -> g.matMul(x.get(0), x.get(1)), any(2, 2, 3), other(1, 3, 2)),
                test("Gemm, transposed weight", (g, x) -> g.linear(x.get(0), x.get(1)), any(2, 3), other(4, 3)),
                test("Gemm, bias", (g, x) -> g.linear(x.get(0), x.get(1), x.get(2)), any(2, 3), other(4, 3), any(4)));
    }

    @TestFactory
    Stream<DynamicTest> reductions() {
        return Stream.of(
                test("ReduceSum", (g, x) -> g.reduceSum(x.get(0), 1), any(2, 3)),
                test("ReduceSum, all", (g, x) -> g.sumAll(x.get(0)), any(2, 3)),
                test("ReduceMean", (g, x) -> g.reduceMean(x.get(0), -1), any(2, 3)),
                test("ReduceMax", (g, x) -> g.reduceMax(x.get(0), -1), any(2, 3)),
                test("ReduceMax, all", (g, x) -> node(g, "ReduceMax", x.get(0)), any(2, 3)),
                test("ReduceSumSquare", (g, x) -> g.sumSquares(x.get(0)), any(2, 3)),
                test("Softmax", (g, x) -> g.softmax(x.get(0)), any(2, 1, 4)),
                test("LogSoftmax", (g, x) -> g.logSoftmax(x.get(0)), any(2, 4)));
    }

    @TestFactory
    Stream<DynamicTest> movement() {
        return Stream.of(
                test("Reshape", (g, x) -> g.reshape(x.get(0), Dim.of(3), Dim.of(2)), any(2, 3)),
                test("Transpose", (g, x) -> g.transpose(x.get(0), 2, 0, 1), any(2, 3, 2)),
                test("Unsqueeze", (g, x) -> g.unsqueeze(x.get(0), 0, 2), any(2, 3)),
                test("Squeeze", (g, x) -> g.squeeze(x.get(0), 1), any(2, 1, 3)),
                test(
                        "Expand",
                        (g, x) -> g.expand(
                                x.get(0), g.concat(0, x.get(1), x.get(1)).shape()),
                        any(1, 3),
                        any(2, 3)),
                test("Concat", (g, x) -> g.concat(1, x.get(0), x.get(1)), any(2, 3), other(2, 1)),
                test(
                        "Split, one part used",
                        (g, x) -> g.split(x.get(0), 1, 1, 2).get(1),
                        any(2, 3)),
                test("Slice, middle", (g, x) -> g.slice(x.get(0), 1, 1, 3), any(2, 4)),
                test("Slice, from before the beginning", (g, x) -> g.slice(x.get(0), 1, -9, 2), any(2, 4)),
                test("Slice, from the end", (g, x) -> g.slice(x.get(0), 1, -2, 4), any(2, 4)),
                test("Gather, repeated", (g, x) -> g.gather(x.get(0), ids(g, 2, 0, 2, 2), 0), any(3, 2)),
                test("Gather of a vector", (g, x) -> g.gather(x.get(0), ids(g, 1, 1), 0), any(3)),
                test("Gather, other axis", (g, x) -> g.gather(x.get(0), ids(g, 1, 1, 0), 1), any(3, 2)),
                test(
                        "GatherElements",
                        (g, x) -> g.gatherElements(x.get(0), g.unsqueeze(ids(g, 1, 0), 1), 1),
                        any(2, 3)),
                test(
                        "ScatterElements",
                        (g, x) -> g.scatterAdd(x.get(0), ids(g, 2, 0, 2), x.get(1), 0),
                        any(3),
                        other(3)),
                test("TopK", (g, x) -> g.sortAscending(x.get(0), 0), any(5, 2)),
                test("TopK, last axis", (g, x) -> g.sortAscending(x.get(0), 1), any(2, 5)),
                test("Cast", (g, x) -> g.mul(g.cast(x.get(0), x.get(0).dtype()), 2), any(3)));
    }

    private static Value layerNorm(Ops g, List<Value> x) {
        return node(g, "LayerNormalization", x.get(0), x.get(1), x.get(2));
    }

    /** An operator that a user's graph may hold though no code here writes it. */
    private static Value node(Ops ops, String op, Value... operands) {
        return ops.graph().node("", op, List.of(operands), Map.of()).get(0);
    }

    private static Value ids(Ops ops, long... ids) {
        return ops.constant(Tensor.int64s(ids));
    }

    private static DynamicTest inFloat(String name, Form form, Function function, Array... inputs) {
        Map<String, Array> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            named.put("x" + i, inputs[i]);
        }
        return DynamicTest.dynamicTest(
                name, () -> GradientCheck.inFloat(form, named, (tape, values) -> function.apply(tape.ops(), values)));
    }

    @TestFactory
    Stream<DynamicTest> operatorsWithoutDoubleKernels() {
        return Stream.of(
                inFloat("Cos", Form.PLAIN, (g, x) -> g.cos(x.get(0)), any(5)),
                inFloat("Sin", Form.PLAIN, (g, x) -> g.sin(x.get(0)), any(5)),
                inFloat("Erf", Form.PLAIN, (g, x) -> node(g, "Erf", x.get(0)), any(5)),
                inFloat("Softplus", Form.PLAIN, (g, x) -> node(g, "Softplus", x.get(0)), any(5)),
                inFloat("Relu", Form.PLAIN, (g, x) -> node(g, "Relu", x.get(0)), any(5)),
                inFloat("Atanh", Form.PLAIN, (g, x) -> g.atanh(g.mul(x.get(0), 0.2)), any(5)),
                inFloat("QuickGelu", Form.PLAIN, (g, x) -> g.quickGelu(x.get(0), 1), any(5)),
                inFloat("QuickGelu, contrib", Form.CONTRIB, (g, x) -> g.quickGelu(x.get(0), 1), any(5)),
                inFloat("Gelu", Form.PLAIN, (g, x) -> g.gelu(x.get(0)), any(5)),
                inFloat("Gelu, contrib", Form.CONTRIB, (g, x) -> g.gelu(x.get(0)), any(5)),
                inFloat("FastGelu", Form.PLAIN, (g, x) -> g.fastGelu(x.get(0)), any(5)),
                inFloat("FastGelu, contrib", Form.CONTRIB, (g, x) -> g.fastGelu(x.get(0)), any(5)),
                inFloat("Layer norm", Form.PLAIN, RulesTest::layerNorm, any(3, 4), other(4), positive(4)),
                inFloat("Layer norm, contrib", Form.CONTRIB, RulesTest::layerNorm, any(3, 4), other(4), positive(4)),
                inFloat("Softmax, contrib", Form.CONTRIB, (g, x) -> g.softmax(x.get(0)), any(2, 4)),
                inFloat(
                        "RMS norm",
                        Form.PLAIN,
                        (g, x) -> g.rmsNorm(x.get(0), x.get(1), 1e-5).output(),
                        any(3, 4),
                        other(4)),
                inFloat(
                        "RMS norm, contrib",
                        Form.CONTRIB,
                        (g, x) -> g.rmsNorm(x.get(0), x.get(1), 1e-5).output(),
                        any(3, 4),
                        other(4)));
    }

    private static Array gradient(Map<String, Array> inputs, BiFunction<Tape, List<Value>, Value> function) {
        var graph = GradientCheck.graph(DType.DOUBLE, Form.PLAIN, inputs, function);
        return GraphRunner.run(graph, inputs).get("x0.gradient");
    }

    /** d max(x, y) / dx is 1 where x wins, 0 where y wins, 1/2 where they are equal; times the check's weights. */
    @Test
    void equalOperandsOfMaxShareTheGradient() {
        Map<String, Array> inputs = Map.of("x0", Array.vector(1, 0, -1));
        Array plain = gradient(inputs, (tape, x) -> tape.ops().mul(x.get(0), 1));
        Array max = gradient(
                inputs, (tape, x) -> tape.ops().max(x.get(0), tape.ops().scalar(x.get(0), 0)));
        assertThat(max.values()[0]).isEqualTo(plain.values()[0]);
        assertThat(max.values()[1]).isEqualTo(plain.values()[1] / 2);
        assertThat(max.values()[2]).isZero();
    }

    @Test
    void missingRuleNamesOperatorAndNode() {
        Map<String, Array> inputs = Map.of("x0", Array.vector(1, 2));
        assertThatThrownBy(() -> GradientCheck.graph(
                        DType.DOUBLE,
                        Form.PLAIN,
                        inputs,
                        (tape, x) -> tape.ops().sign(x.get(0))))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessageContaining("no gradient rule for Sign in %Sign_0");
    }

    /** Two of five rows are summed: their gradient is 1, that of the others 0. */
    @Test
    void partOfASymbolIsReadFromTheValueThatHasIt() {
        GraphBuilder graph = new GraphBuilder("g");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", DType.DOUBLE, Dim.of("n"));
        Value firstTwo = ops.gather(x, ops.slice(ops.range(Dim.of("n")), 0, 0, 2), 0); // [n[0:2]]
        Value gradient = new Tape(ops, Form.PLAIN)
                .gradients(ops.sumAll(firstTwo), List.of(x))
                .get(0);
        graph.output("gradient", gradient);
        Map<String, Array> inputs = Map.of("x", Array.vector(3, 1, 4, 1, 5));
        assertThat(GraphRunner.run(graph.build(), inputs).get("gradient").values())
                .containsExactly(1, 1, 0, 0, 0);
    }

    private static void assertNoRule(Function function, String message) {
        GraphBuilder graph = new GraphBuilder("g");
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        Value x = graph.input("x", DType.FLOAT, Dim.of("n"), Dim.of(3));
        Value root = tape.ops().sumAll(function.apply(tape.ops(), List.of(x)));
        assertThatThrownBy(() -> tape.gradients(root, List.of(x)))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void whatARuleCannotDoIsSaid() {
        assertNoRule(
                (g, x) -> node(g, "Max", x.get(0), g.exp(x.get(0)), x.get(0)), "no gradient rule for Max of 3 inputs");
        assertNoRule((g, x) -> node(g, "Min", x.get(0)), "no gradient rule for Min of 1 inputs");
        assertNoRule(
                (g, x) -> g.concat(0, x.get(0), x.get(0)),
                "no gradient rule for Concat along the symbolic dimension n in ");
        assertNoRule(
                (g, x) -> g.slice(x.get(0), 0, 1, 2), "no gradient rule for Slice along the symbolic dimension n in ");
        assertNoRule((g, x) -> g.transposedProduct(x.get(0), x.get(0)), "no gradient rule for Gemm with transA");
    }

    @Test
    void gradientOfAVectorIsRefused() {
        GraphBuilder graph = new GraphBuilder("g");
        Value x = graph.input("x", DType.FLOAT, Dim.of(2));
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        assertThatThrownBy(() -> tape.gradients(x, List.of(x))).hasMessageContaining("expected a scalar");
    }

    @Test
    void targetThatIsNotUsedHasZeros() {
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("x0", Array.vector(1, 2));
        inputs.put("x1", Array.vector(3, 4, 5));
        var graph = GradientCheck.graph(
                DType.DOUBLE, Form.PLAIN, inputs, (tape, x) -> tape.ops().exp(x.get(0)));
        assertThat(GraphRunner.run(graph, inputs).get("x1.gradient").values()).containsExactly(0, 0, 0);
    }
}
