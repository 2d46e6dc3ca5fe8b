package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final double EPSILON = 1e-3;
    private static final Array X = Array.random(new SplittableRandom(6), -3, 3, 5, 7);
    private static final Array SCALE = Array.random(new SplittableRandom(7), -2, 2, 7);

    private interface Layer {
        Value apply(Ops ops, Value x, Value scale);
    }

    private static double[] run(DType dtype, Array x, Layer layer) {
        GraphBuilder graph = new GraphBuilder("layer");
        Value input = graph.input("x", dtype, Dim.of("rows"), Dim.of(7));
        Value scale = graph.input("scale", dtype, Dim.of(7));
        graph.output("out", layer.apply(new Ops(graph), input, scale));
        return GraphRunner.run(graph.build(), Map.of("x", x, "scale", SCALE))
                .get("out")
                .values();
    }

    private static double[] rmsNormByHand(Array x) {
        double[] out = new double[x.values().length];
        for (int row = 0; row < out.length / 7; row++) {
            double squares = 0;
            for (int i = 0; i < 7; i++) {
                squares += x.values()[7 * row + i] * x.values()[7 * row + i];
            }
            for (int i = 0; i < 7; i++) {
                out[7 * row + i] = x.values()[7 * row + i] / Math.sqrt(squares / 7 + EPSILON) * SCALE.values()[i];
            }
        }
        return out;
    }

    @Test
    void rmsNormFusedAndPlainAreTheFormula() {
        Layer fused = (ops, x, scale) -> Layers.rmsNorm(ops, x, scale, EPSILON);
        Layer plain = (ops, x, scale) -> Layers.rmsNormPlain(ops, x, scale, EPSILON);
        assertThat(run(DType.FLOAT, X, fused)).containsExactly(rmsNormByHand(X), Offset.offset(2e-6));
        assertThat(run(DType.FLOAT, X, plain)).containsExactly(rmsNormByHand(X), Offset.offset(2e-6));
        assertThat(run(DType.DOUBLE, X, fused)).containsExactly(rmsNormByHand(X), Offset.offset(1e-9));
    }

    /** Rows smaller than the epsilon are where leaving it out, or adding it to the root, would show. */
    @Test
    void epsilonStandsUnderTheRoot() {
        Array small = Array.random(new SplittableRandom(8), -0.01, 0.01, 2, 7);
        Layer fused = (ops, x, scale) -> Layers.rmsNorm(ops, x, scale, EPSILON);
        assertThat(run(DType.FLOAT, small, fused)).containsExactly(rmsNormByHand(small), Offset.offset(1e-6));
    }

    @Test
    void siluFusedAndPlainAreTheFormula() {
        double[] expected = new double[X.values().length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = X.values()[i] / (1 + Math.exp(-X.values()[i]));
        }
        Layer silu = (ops, x, scale) -> Layers.silu(ops, x);
        Layer plain = (ops, x, scale) -> Layers.siluPlain(ops, x);
        assertThat(run(DType.FLOAT, X, silu)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.FLOAT, X, plain)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.DOUBLE, X, silu)).containsExactly(expected, Offset.offset(1e-14));
    }

    /** With the scale as the offset too. */
    @Test
    void layerNormIsTheFormula() {
        double[] expected = new double[X.values().length];
        for (int row = 0; row < expected.length / 7; row++) {
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < 7; i++) {
                mean += X.values()[7 * row + i] / 7;
            }
            for (int i = 0; i < 7; i++) {
                squares += Math.pow(X.values()[7 * row + i] - mean, 2);
            }
            for (int i = 0; i < 7; i++) {
                double standard = (X.values()[7 * row + i] - mean) / Math.sqrt(squares / 7 + EPSILON);
                expected[7 * row + i] = (standard + 1) * SCALE.values()[i];
            }
        }
        Layer layer = (ops, x, scale) -> Layers.layerNorm(ops, x, scale, scale, EPSILON);
        assertThat(run(DType.FLOAT, X, layer)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.DOUBLE, X, layer)).containsExactly(expected, Offset.offset(1e-9));
    }

    /** A mean a thousand times the deviation: a variance by difference of means would be lost in float. */
    @Test
    void layerNormBearsALargeMean() {
        Array shifted = Array.of(new long[] {1, 7}, 1000, 1001, 1002, 1003, 1004, 1005, 1006);
        Layer layer = (ops, x, scale) -> Layers.layerNorm(ops, x, scale, scale, EPSILON);
        double[] actual = run(DType.FLOAT, shifted, layer);
        for (int i = 0; i < 7; i++) {
            double standard = (i - 3) / Math.sqrt(4 + EPSILON); // 0 .. 6 have mean 3 and variance 4
            assertThat(actual[i]).isCloseTo((standard + 1) * SCALE.values()[i], Offset.offset(2e-6));
        }
    }

    /** x Phi(x), with Phi(1) = 0.8413447460685429 and Phi(2) = 0.9772498680518208 as tables have them. */
    @Test
    void geluFusedAndPlainAreTheFormula() {
        Array x = Array.of(new long[] {1, 7}, 0, 1, -1, 2, -2, 9, -9);
        double one = 0.8413447460685429;
        double two = 0.9772498680518208;
        double[] expected = {0, one, one - 1, 2 * two, 2 * two - 2, 9, 0};
        Layer gelu = (ops, value, scale) -> Layers.gelu(ops, value);
        Layer plain = (ops, value, scale) -> Layers.geluPlain(ops, value);
        assertThat(run(DType.FLOAT, x, gelu)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.FLOAT, x, plain)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.DOUBLE, x, gelu)).containsExactly(expected, Offset.offset(1e-14));
    }

    @Test
    void geluByTanhFusedAndPlainAreTheFormula() {
        double[] expected = new double[X.values().length];
        for (int i = 0; i < expected.length; i++) {
            double x = X.values()[i];
            double tanh = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x));
            expected[i] = x * (1 + tanh) / 2;
        }
        Layer gelu = (ops, x, scale) -> Layers.geluTanh(ops, x);
        Layer plain = (ops, x, scale) -> Layers.geluTanhPlain(ops, x);
        assertThat(run(DType.FLOAT, X, gelu)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.FLOAT, X, plain)).containsExactly(expected, Offset.offset(2e-6));
        assertThat(run(DType.DOUBLE, X, gelu)).containsExactly(expected, Offset.offset(1e-14));
    }
}
