package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shapes as the builder infers them are those that ONNX Runtime gives, whatever sizes the symbols take. */
class ShapesAtRunTimeTest {
    private static final Dim ROWS = Dim.of("rows");
    private static final Dim LENGTH = Dim.of("length");

    private static Graph graph(BiFunction<Ops, Value, Value> function, Dim... dims) {
        GraphBuilder graph = new GraphBuilder("shapes");
        Value x = graph.input("x", DType.FLOAT, dims);
        graph.output("out", function.apply(new Ops(graph), x));
        return graph.build();
    }

    private static Array counting(long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new Array(shape, IntStream.range(0, count).mapToDouble(i -> i).toArray());
    }

    private static Array run(Graph graph, long... shape) {
        return GraphRunner.run(graph, Map.of("x", counting(shape))).get("out");
    }

    private static List<String> operators(Graph graph) {
        return graph.nodes().stream()
                .map(Node::op)
                .filter(op -> !op.equals("Identity"))
                .toList();
    }

    @Test
    void reshapeCopiesASymbolThatStaysInItsPlace() {
        Graph graph = graph((ops, x) -> ops.reshape(x, ROWS, Dim.of(2), Dim.of(3)), ROWS, Dim.of(6));
        assertThat(operators(graph)).containsExactly("Reshape");
        assertThat(graph.output("out").shape()).hasToString("[rows, 2, 3]");
        assertThat(run(graph, 4, 6).shape()).containsExactly(4, 2, 3);
    }

    @Test
    void reshapeInfersOneSymbolThatMoves() {
        Graph graph =
                graph((ops, x) -> ops.reshape(x, Dim.of(2), LENGTH.times(ROWS), Dim.of(3)), ROWS, LENGTH, Dim.of(6));
        assertThat(operators(graph)).containsExactly("Reshape");
        assertThat(graph.output("out").shape()).hasToString("[2, length*rows, 3]");
        assertThat(run(graph, 4, 5, 6).shape()).containsExactly(2, 20, 3);
    }

    @Test
    void reshapeReadsASecondOneAtRunTime() {
        GraphBuilder builder = new GraphBuilder("shapes");
        Value x = builder.input("x", DType.FLOAT, ROWS, LENGTH);
        Ops ops = new Ops(builder);
        Value flat = ops.reshape(x, ROWS.times(LENGTH));
        builder.output("out", ops.reshape(flat, LENGTH, ROWS, Dim.ONE));
        Graph graph = builder.build();
        assertThat(operators(graph)).containsExactly("Reshape", "Shape", "Concat", "Reshape");
        Array out = run(graph, 2, 3);
        assertThat(out.shape()).containsExactly(3, 2, 1);
        assertThat(out.values()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void sortsAnAxisOfAnySize() {
        Graph graph = graph((ops, x) -> ops.sortAscending(ops.mul(ops.add(x, 1), -1), 0), ROWS, Dim.of(2));
        assertThat(graph.output("out").shape()).hasToString("[rows, 2]");
        assertThat(run(graph, 3, 2).values()).containsExactly(-5, -6, -3, -4, -1, -2);
    }

    /** Rows 0 1 2 and 3 4 5. */
    @Test
    void sumsRunAlongAnAxis() {
        Graph graph = graph((ops, x) -> ops.cumulativeSum(x, 1), ROWS, LENGTH);
        assertThat(graph.output("out").shape()).hasToString("[rows, length]");
        assertThat(run(graph, 2, 3).values()).containsExactly(0, 1, 3, 3, 7, 12);
    }

    @Test
    void scatterKeepsTheSmallest() {
        Graph graph = graph(
                (ops, x) -> {
                    Value places = ops.constant(Tensor.int64s(2, 0, 2, 2));
                    Value updates = ops.constant(Tensor.of(DType.FLOAT, Shape.of(4), 5, 1, -3, -1));
                    return ops.scatterMin(x, places, updates, 0);
                },
                ROWS);
        assertThat(run(graph, 4).values()).containsExactly(0, 1, -3, 3);
    }

    @Test
    void productOfSymbolsIsMultipliedAtRunTime() {
        Graph graph = graph(
                (ops, x) -> ops.full(new Shape(List.of(Dim.of(2).times(ROWS).times(LENGTH))), DType.FLOAT, 7),
                ROWS,
                LENGTH);
        assertThat(graph.output("out").shape()).hasToString("[2*length*rows]");
        Array out = run(graph, 3, 2);
        assertThat(out.values()).hasSize(12).containsOnly(7);
    }

    /** 0 targets, fewer than one part, one part to the element, a rest of one, several parts. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 5, 8, 30})
    void partsOfASymbolMakeTheWholeAgain(int size) {
        Graph graph = graph(
                (ops, x) -> {
                    Value first = ops.slice(x, 0, 0, 4);
                    Value second = ops.slice(x, 0, 4, 8);
                    Value rest = ops.slice(x, 0, 8, Long.MAX_VALUE);
                    assertThat(first.shape()).hasToString("[(2*rows)[0:4]]");
                    assertThat(rest.shape()).hasToString("[(2*rows)[8:]]");
                    return ops.add(ops.concat(0, first, second, rest), x);
                },
                ROWS.times(Dim.of(2)));
        assertThat(graph.output("out").shape()).hasToString("[2*rows]");
        double[] twice = IntStream.range(0, size).mapToDouble(i -> 2 * i).toArray();
        assertThat(run(graph, size).values()).containsExactly(twice);
    }

    @Test
    void partsInAnotherOrderAreNotTheWhole() {
        graph(
                (ops, x) -> {
                    Value first = ops.slice(x, 0, 0, 4);
                    Value rest = ops.slice(x, 0, 4, Long.MAX_VALUE);
                    assertThat(ops.concat(0, rest, first).dim(0)).isNotEqualTo(ROWS);
                    assertThat(ops.concat(0, first, first).dim(0)).hasToString("2*rows[0:4]");
                    assertThat(ops.concat(0, x, x, x).dim(0)).hasToString("3*rows");
                    assertThat(ops.concat(0, x, first).dim(0)).hasToString("(rows + rows[0:4])");
                    return ops.concat(0, first, rest);
                },
                ROWS);
    }

    /** Starts and ends are clamped to the axis, from either side; the numbers are numpy's. */
    @Test
    void slicesAreClamped() {
        Map<long[], double[]> cuts = new LinkedHashMap<>();
        cuts.put(new long[] {1, 3}, new double[] {1, 2});
        cuts.put(new long[] {-2, 4}, new double[] {2, 3});
        cuts.put(new long[] {0, -1}, new double[] {0, 1, 2});
        cuts.put(new long[] {-9, 2}, new double[] {0, 1});
        cuts.put(new long[] {2, 99}, new double[] {2, 3});
        cuts.put(new long[] {3, 1}, new double[] {});
        cuts.put(new long[] {1, -9}, new double[] {});
        cuts.forEach((cut, expected) -> {
            Graph graph = graph((ops, x) -> ops.slice(x, 0, cut[0], cut[1]), Dim.of(4));
            assertThat(graph.output("out").shape().toArray())
                    .as("%d to %d", cut[0], cut[1])
                    .containsExactly(expected.length);
            assertThat(run(graph, 4).values()).containsExactly(expected);
        });
    }

    @Test
    void axesCountFromBothEndsInAnyOrder() {
        Graph squeezed = graph((ops, x) -> ops.squeeze(x, -1, 0), Dim.ONE, Dim.of(3), Dim.ONE);
        assertThat(squeezed.output("out").shape()).hasToString("[3]");
        assertThat(run(squeezed, 1, 3, 1).shape()).containsExactly(3);
        Graph unsqueezed = graph((ops, x) -> ops.unsqueeze(x, -1, 0), Dim.of(3));
        assertThat(unsqueezed.output("out").shape()).hasToString("[1, 3, 1]");
        assertThat(run(unsqueezed, 3).shape()).containsExactly(1, 3, 1);
        Graph reduced = graph((ops, x) -> ops.reduceSum(x, -1, 0), Dim.of(2), Dim.of(3), Dim.of(2));
        assertThat(reduced.output("out").shape()).hasToString("[1, 3, 1]");
        assertThat(run(reduced, 2, 3, 2).values()).containsExactly(0 + 1 + 6 + 7, 2 + 3 + 8 + 9, 4 + 5 + 10 + 11);
    }

    @Test
    void rangeAndSizeFollowTheInput() {
        Graph graph = graph(
                (ops, x) -> ops.mul(ops.cast(ops.range(ROWS), DType.FLOAT), ops.size(LENGTH, DType.FLOAT)),
                ROWS,
                LENGTH);
        assertThat(graph.output("out").shape()).hasToString("[rows]");
        assertThat(run(graph, 3, 5).values()).containsExactly(0, 5, 10);
    }
}
