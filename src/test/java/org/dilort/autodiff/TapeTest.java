package org.dilort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class TapeTest {
    private static final Map<String, Array> INPUTS = inputs();

    private interface Function extends BiFunction<Tape, List<Value>, Value> {}

    private static Map<String, Array> inputs() {
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("x", Array.random(new SplittableRandom(3), -1, 1, 2, 3));
        inputs.put("w", Array.random(new SplittableRandom(4), -1, 1, 3, 3));
        return inputs;
    }

    /** exp(x w) + x: x is used inside and again outside of whatever stretch this becomes. */
    private static Value layer(Ops ops, Value x, Value w) {
        return ops.add(ops.exp(ops.matMul(x, w)), x);
    }

    private static Map<String, Array> run(Function function) {
        return GraphRunner.run(graph(function), INPUTS);
    }

    private static Graph graph(Function function) {
        return GradientCheck.graph(DType.DOUBLE, Form.PLAIN, INPUTS, function);
    }

    private static void assertSame(Map<String, Array> actual, Map<String, Array> expected) {
        expected.forEach((name, array) -> assertThat(actual.get(name).values())
                .as(name)
                .containsExactly(array.values(), org.assertj.core.data.Offset.offset(1e-14)));
    }

    private static long count(Graph graph, String op) {
        return graph.nodes().stream().filter(node -> node.op().equals(op)).count();
    }

    @Test
    void severalUsesOfAValueAddUp() {
        GradientCheck.inDouble(INPUTS, (tape, v) -> {
            Ops ops = tape.ops();
            Value y = ops.matMul(v.get(0), v.get(1));
            return ops.sum(ops.mul(y, y), ops.exp(y), v.get(0), ops.mul(v.get(0), y));
        });
    }

    @Test
    void recomputedStretchHasTheValueAndGradientOfThePlainOne() {
        Function plain = (tape, v) -> {
            Ops ops = tape.ops();
            return ops.mul(layer(ops, layer(ops, v.get(0), v.get(1)), v.get(1)), v.get(0));
        };
        Function recomputed = (tape, v) -> {
            Value first = again(tape, v.get(0), v.get(1));
            return tape.ops().mul(again(tape, first, v.get(1)), v.get(0));
        };
        assertSame(run(recomputed), run(plain));
        assertThat(count(graph(plain), "Exp")).isEqualTo(2);
        assertThat(count(graph(recomputed), "Exp")).as("each layer once more").isEqualTo(4);
    }

    private static Value again(Tape tape, Value x, Value w) {
        return tape.recomputed(() -> List.of(layer(tape.ops(), x, w))).get(0);
    }

    @Test
    void recomputedStretchesNest() {
        Function nested = (tape, v) -> tape.recomputed(() -> {
                    Value first = again(tape, v.get(0), v.get(1));
                    return List.of(again(tape, first, v.get(1)));
                })
                .get(0);
        Function plain = (tape, v) -> layer(tape.ops(), layer(tape.ops(), v.get(0), v.get(1)), v.get(1));
        assertSame(run(nested), run(plain));
        GradientCheck.inDouble(INPUTS, nested);
    }

    /** What a stretch reads that no gradient goes to, such as a frozen weight, needs no rule: Sign has none. */
    @Test
    void recomputedStretchAsksNoGradientOfConstants() {
        Function frozen = (tape, v) -> tape.recomputed(() -> {
                    Ops ops = tape.ops();
                    Value table = ops.constant(Tensor.of(DType.DOUBLE, Shape.of(2, 3), 1, 2, 3, 4, 5, 6));
                    return List.of(ops.mul(v.get(0), ops.sign(table)));
                })
                .get(0);
        assertSame(run(frozen), run((tape, v) -> tape.ops().mul(v.get(0), 1)));
    }

    @Test
    void blocksAreComputedAgainWhereTheTapeSaysSo() {
        Function block = (tape, v) -> tape.block(() -> layer(tape.ops(), v.get(0), v.get(1)));
        Graph kept = GradientCheck.graph(DType.DOUBLE, Form.PLAIN, Recompute.NONE, INPUTS, block);
        Graph again = GradientCheck.graph(DType.DOUBLE, Form.PLAIN, Recompute.BLOCKS, INPUTS, block);
        assertThat(count(kept, "Exp")).isEqualTo(1);
        assertThat(count(again, "Exp")).isEqualTo(2);
        assertSame(GraphRunner.run(again, INPUTS), GraphRunner.run(kept, INPUTS));
    }

    @Test
    void outputOfAStretchThatNothingReadsHasNoGradient() {
        Function half = (tape, v) -> tape.recomputed(() -> {
                    Ops ops = tape.ops();
                    Value product = ops.matMul(v.get(0), v.get(1));
                    return List.of(ops.exp(product), ops.tanh(product));
                })
                .get(1);
        assertSame(run(half), run((tape, v) -> tape.ops().tanh(tape.ops().matMul(v.get(0), v.get(1)))));
    }

    @Test
    void bothOutputsOfAStretchSendTheirGradients() {
        GradientCheck.inDouble(INPUTS, (tape, v) -> {
            Ops ops = tape.ops();
            List<Value> parts = tape.recomputed(() -> {
                Value product = ops.matMul(v.get(0), v.get(1));
                return List.of(ops.exp(product), ops.mul(product, product));
            });
            return ops.mul(parts.get(0), parts.get(1));
        });
    }

    /** A gradient of seven times the true one must come out, else the rule inside was used. */
    @Test
    void customGradientTakesThePlaceOfTheRules() {
        Function sevenfold = (tape, v) -> tape.custom(
                        List.of(v.get(0)),
                        in -> List.of(tape.ops().exp(in.get(0))),
                        (in, dy) -> List.of(tape.ops()
                                .mul(tape.ops().mul(dy.get(0), tape.ops().exp(in.get(0))), 7)))
                .get(0);
        Map<String, Array> once = run((tape, v) -> tape.ops().exp(v.get(0)));
        Map<String, Array> seven = run(sevenfold);
        assertThat(seven.get("loss").values()).containsExactly(once.get("loss").values());
        for (int i = 0; i < 6; i++) {
            assertThat(seven.get("x.gradient").values()[i])
                    .isCloseTo(7 * once.get("x.gradient").values()[i], org.assertj.core.data.Offset.offset(1e-13));
        }
    }

    @Test
    void innerGradientOfAStretchGivesWayToTheOuter() {
        Function outer = (tape, v) -> tape.custom(
                        List.of(v.get(0)),
                        in -> tape.recomputed(() -> List.of(tape.ops().exp(in.get(0)))),
                        (in, dy) -> List.of(dy.get(0)))
                .get(0);
        Map<String, Array> result = run(outer);
        Map<String, Array> identity = run((tape, v) -> tape.ops().mul(v.get(0), 1));
        assertThat(result.get("x.gradient").values())
                .containsExactly(identity.get("x.gradient").values());
    }

    @Test
    void valueThatAStretchReadsWithoutDeclaringItIsRefused() {
        assertThatThrownBy(() -> graph((tape, v) -> tape.custom(
                                List.of(v.get(0)),
                                in -> List.of(tape.ops().matMul(in.get(0), v.get(1))),
                                (in, dy) -> dy)
                        .get(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gradient of %w:double[3, 3] is lost")
                .hasMessageContaining("MatMul(%x, %w)");
    }

    @Test
    void stretchThatMakesNothingIsRefused() {
        assertThatThrownBy(() -> graph(
                        (tape, v) -> tape.recomputed(() -> List.of(v.get(0))).get(0)))
                .hasMessageContaining("expected values that the stretch itself makes");
        assertThatThrownBy(() -> graph((tape, v) -> tape.recomputed(() -> {
                            Value product = tape.ops().exp(v.get(0));
                            return List.of(product, product);
                        })
                        .get(0)))
                .hasMessageContaining("expected values that the stretch itself makes");
    }

    @Test
    void customGradientsMustBeAsManyAsInputs() {
        assertThatThrownBy(() -> graph((tape, v) -> tape.custom(
                                v, in -> List.of(tape.ops().matMul(in.get(0), in.get(1))), (in, dy) -> dy)
                        .get(0)))
                .hasMessageStartingWith("1 gradients, expected one for each of ");
    }

    @Test
    void unusedOutputOfANodeCountsAsZero() {
        GradientCheck.inDouble(
                INPUTS,
                (tape, v) -> tape.ops().exp(tape.ops().split(v.get(1), 0, 1, 2).get(0)));
    }

    /** rmsNorm's rule knows only its first output; a use of the second must not vanish. */
    @Test
    void gradientThatARuleWouldDropIsRefused() {
        Map<String, Array> inputs = Map.of("x", Array.vector(1, 2, 3));
        assertThatThrownBy(() -> GradientCheck.graph(DType.FLOAT, Form.PLAIN, inputs, (tape, v) -> {
                    Ops.Normalised norm = tape.ops().rmsNorm(v.get(0), v.get(0), 1e-5);
                    return tape.ops().mul(norm.output(), norm.inverseRms());
                }))
                .isInstanceOf(UnsupportedOperatorException.class)
                .hasMessageContaining("no gradient rule for output 1 of SimplifiedLayerNormalization");
    }

    @Test
    void missingRuleTellsItsNode() {
        Map<String, Array> inputs = Map.of("x", Array.vector(1, 2, 3));
        assertThatThrownBy(() -> GradientCheck.graph(
                        DType.FLOAT,
                        Form.PLAIN,
                        inputs,
                        (tape, v) -> tape.ops().scope("here", () -> tape.ops().sign(v.get(0)))))
                .isInstanceOfSatisfying(
                        MissingGradientException.class,
                        e -> assertThat(e.node()).isEqualTo("here/Sign_0"))
                .hasMessageStartingWith("no gradient rule for Sign in %here/Sign_0:float[3] = Sign(%x)");
    }

    @Test
    void gradientPassesAValueWithOtherLabels() {
        GraphBuilder graph = new GraphBuilder("relabelled");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", DType.DOUBLE, Dim.of("n"));
        Value relabelled = graph.relabel(ops.exp(x), Shape.of(Dim.of("m")));
        graph.input("m", DType.DOUBLE, Dim.of("m"));
        Value loss = ops.sumAll(ops.mul(relabelled, relabelled));
        graph.output(
                "gradient",
                new Tape(ops, Form.PLAIN).gradients(loss, List.of(x)).get(0));
        Graph built = graph.build();
        assertThat(built.output("gradient").shape()).hasToString("[n]");
        Map<String, Array> inputs = Map.of("x", Array.vector(0, 1), "m", Array.vector(0, 0));
        assertThat(GraphRunner.run(built, inputs).get("gradient").values())
                .containsExactly(new double[] {2, 2 * Math.exp(2)}, org.assertj.core.data.Offset.offset(1e-12));
    }

    @Test
    void integersHaveNoGradient() {
        GraphBuilder graph = new GraphBuilder("g");
        Value ids = graph.input("ids", DType.INT64, Dim.of(2));
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        Value root = tape.ops().sumAll(tape.ops().cast(ids, DType.FLOAT));
        assertThatThrownBy(() -> tape.gradients(root, List.of(ids)))
                .hasMessage("gradient with respect to %ids:int64[2]: expected a float type");
    }

    @Test
    void rootIsItsOwnTarget() {
        GraphBuilder graph = new GraphBuilder("g");
        Value x = graph.input("x", DType.FLOAT);
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        graph.output("dx", tape.gradients(x, List.of(x)).get(0));
        assertThat(GraphRunner.run(graph.build(), Map.of("x", Array.scalar(5)))
                        .get("dx")
                        .values())
                .containsExactly(1);
    }
}
