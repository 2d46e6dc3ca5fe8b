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
}
