package org.dilort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The gradient operators of training builds give what ONNX's own operators give, to 1e-5 of the gradient's size. */
class FormTest {
    private static final long SEED = Long.getLong("dil.seed", 20261125L);

    private static DynamicTest same(String op, BiFunction<Tape, List<Value>, Value> function, long[]... shapes) {
        return dynamicTest(op, () -> {
            SplittableRandom random = new SplittableRandom(SEED);
            Map<String, Array> inputs = new LinkedHashMap<>();
            for (int i = 0; i < shapes.length; i++) {
                inputs.put("x" + i, Array.random(random, -3, 3, shapes[i]));
            }
            Graph plain = GradientCheck.graph(DType.FLOAT, Form.PLAIN, inputs, function);
            Graph contrib = GradientCheck.graph(DType.FLOAT, Form.CONTRIB, inputs, function);
            assertThat(contrib.nodes())
                    .as("a fused gradient is used")
                    .anyMatch(node -> node.op().startsWith(op + "Grad"));
            assertThat(plain.nodes()).noneMatch(node -> node.op().contains("Grad"));
            Map<String, Array> expected = GraphRunner.run(plain, inputs);
            GraphRunner.run(contrib, inputs).forEach((name, array) -> assertClose(name, array, expected.get(name)));
        });
    }

    private static void assertClose(String name, Array actual, Array expected) {
        double largest =
                java.util.Arrays.stream(expected.values()).map(Math::abs).max().orElseThrow();
        assertThat(actual.values())
                .as("%s, seed %d", name, SEED)
                .containsExactly(expected.values(), org.assertj.core.data.Offset.offset(1e-5 * largest));
    }

    @TestFactory
    Stream<DynamicTest> formsAgree() {
        return Stream.of(
                same("Softmax", (tape, x) -> tape.ops().softmax(x.get(0)), new long[] {3, 2, 7}),
                same(
                        "SimplifiedLayerNormalization",
                        (tape, x) ->
                                tape.ops().rmsNorm(x.get(0), x.get(1), 1e-5).output(),
                        new long[] {5, 16},
                        new long[] {16}),
                same(
                        "LayerNormalization",
                        (tape, x) -> tape.ops()
                                .graph()
                                .node("", "LayerNormalization", x, Map.of())
                                .get(0),
                        new long[] {5, 16},
                        new long[] {16},
                        new long[] {16}),
                same("Gelu", (tape, x) -> tape.ops().gelu(x.get(0)), new long[] {4, 9}),
                same("FastGelu", (tape, x) -> tape.ops().fastGelu(x.get(0)), new long[] {4, 9}),
                same("QuickGelu", (tape, x) -> tape.ops().quickGelu(x.get(0), 1), new long[] {4, 9}),
                same("QuickGelu", (tape, x) -> tape.ops().quickGelu(x.get(0), 1.702), new long[] {4, 9}));
    }
}
