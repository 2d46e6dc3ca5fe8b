package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class InDoubleTest {

    /** Everything of a graph that has float in it: inputs, constants, casts, filled shapes, Atanh. */
    private static Graph graph() {
        GraphBuilder graph = new GraphBuilder("float");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", DType.FLOAT, Dim.of("n"));
        Value third = graph.constant("third", Tensor.scalar(DType.FLOAT, 0.25));
        Value scaled = ops.mul(x, third);
        Value positive = ops.cast(ops.greater(x, ops.zerosLike(x)), DType.FLOAT);
        graph.output("y", ops.add(ops.atanh(scaled), ops.mul(positive, 10)));
        graph.output("places", ops.range(Dim.of("n")));
        return graph.build();
    }

    /** log(1.25 / 0.75) / 2 + 10 and log(0.875 / 1.125) / 2, to digits that float has not. */
    @Test
    void numbersHaveTheDigitsOfDouble() {
        double[] y = GraphRunner.run(InDouble.of(graph()), Map.of("x", Array.vector(1, -0.5)))
                .get("y")
                .values();
        assertThat(y[0]).isCloseTo(10.255412811882995, Offset.offset(1e-14));
        assertThat(y[1]).isCloseTo(-0.12565721414045304, Offset.offset(1e-14));
        double[] inFloat = GraphRunner.run(graph(), Map.of("x", Array.vector(1, -0.5)))
                .get("y")
                .values();
        assertThat(inFloat[0]).isCloseTo(y[0], Offset.offset(1e-5)).isNotEqualTo(y[0]);
    }

    /** atanh(x) = x + x^3 / 3 + .., and log(2 / 1e-12) / 2 next to 1. */
    @Test
    void atanhKeepsItsDigitsEverywhere() {
        GraphBuilder graph = new GraphBuilder("atanh");
        Ops ops = new Ops(graph);
        graph.output("y", ops.atanh(graph.input("x", DType.FLOAT, Dim.of("n"))));
        double[] y = GraphRunner.run(
                        InDouble.of(graph.build()), Map.of("x", Array.vector(1e-300, -3e-17, 1e-9, 0, 1 - 1e-12, -1)))
                .get("y")
                .values();
        assertThat(y[0]).isEqualTo(1e-300);
        assertThat(y[1]).isCloseTo(-3e-17, Offset.offset(1e-32));
        assertThat(y[2]).isCloseTo(1e-9, Offset.offset(1e-24));
        assertThat(y[3]).isZero();
        assertThat(y[4]).isCloseTo(Math.log(2e12) / 2, Offset.offset(1e-4));
        assertThat(y[5]).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** cos 1 = 0.54030230586813972. */
    @Test
    void cosIsTheSineAQuarterTurnOn() {
        GraphBuilder graph = new GraphBuilder("cos");
        Ops ops = new Ops(graph);
        graph.output("y", ops.cos(graph.input("x", DType.FLOAT, Dim.of("n"))));
        assertThat(GraphRunner.run(InDouble.of(graph.build()), Map.of("x", Array.vector(1)))
                        .get("y")
                        .values()[0])
                .isCloseTo(0.54030230586813972, Offset.offset(1e-15));
    }

    /** e^-30 / (1 + e^-30) to all digits. */
    @Test
    void sigmoidKeepsItsDigits() {
        GraphBuilder graph = new GraphBuilder("sigmoid");
        Ops ops = new Ops(graph);
        graph.output("y", ops.sigmoid(graph.input("x", DType.FLOAT, Dim.of("n"))));
        double[] y = GraphRunner.run(InDouble.of(graph.build()), Map.of("x", Array.vector(-30, 2, -800, 800)))
                .get("y")
                .values();
        assertThat(y[0]).isCloseTo(Math.exp(-30) / (1 + Math.exp(-30)), Offset.offset(1e-27));
        assertThat(y[1]).isCloseTo(1 / (1 + Math.exp(-2)), Offset.offset(1e-15));
        assertThat(y[2]).isZero();
        assertThat(y[3]).isOne();
    }

    @Test
    void whatIsNotFloatStays() {
        Graph doubled = InDouble.of(graph());
        assertThat(doubled.output("places").dtype()).isEqualTo(DType.INT64);
        assertThat(doubled.input("x").dtype()).isEqualTo(DType.DOUBLE);
        assertThat(doubled.nodes().stream().flatMap(node -> node.outputs().stream()))
                .noneMatch(value -> value.dtype() == DType.FLOAT);
        List<String> names = doubled.nodes().stream().map(Node::name).toList();
        assertThat(names).doesNotHaveDuplicates();
    }
}
