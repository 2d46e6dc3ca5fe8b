package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.api.Test;

class RotaryTablesTest {
    private static final int HEAD = 6;
    private static final int POSITIONS = 9;
    private static final double[] FREQUENCIES = new RotaryScaling.None().frequencies(HEAD, 100);
    private static final Array X = Array.random(new SplittableRandom(5), -1, 1, 2, 3, 4, HEAD);
    private static final Array IDS = new Array(new long[] {2, 4}, new double[] {0, 1, 2, 8, 3, 3, 0, 7});

    private interface Rotation {
        Value rotate(RotaryTables tables, Ops ops, Value x, Value ids);
    }

    private static double[] rotated(DType dtype, double scale, Rotation rotation) {
        GraphBuilder graph = new GraphBuilder("rotary");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", dtype, Dim.of("rows"), Dim.of(3), Dim.of("length"), Dim.of(HEAD));
        Value ids = graph.input("ids", DType.INT64, Dim.of("rows"), Dim.of("length"));
        RotaryTables tables = RotaryTables.of(ops, FREQUENCIES, scale, POSITIONS, dtype);
        graph.output("out", rotation.rotate(tables, ops, x, ids));
        Graph built = graph.build();
        assertThat(built.output("out").shape()).isEqualTo(x.shape());
        return GraphRunner.run(built, Map.of("x", X, "ids", IDS)).get("out").values();
    }

    /** The pair (x_i, x_{i + head/2}) as a complex number times e^{i position frequency}. */
    private static double[] byHand(double scale) {
        double[] out = new double[X.values().length];
        for (int at = 0; at < out.length; at += HEAD) {
            int row = at / (3 * 4 * HEAD);
            int column = at / HEAD % 4;
            for (int i = 0; i < HEAD / 2; i++) {
                double angle = IDS.values()[row * 4 + column] * FREQUENCIES[i];
                double first = X.values()[at + i];
                double second = X.values()[at + i + HEAD / 2];
                out[at + i] = scale * (first * Math.cos(angle) - second * Math.sin(angle));
                out[at + i + HEAD / 2] = scale * (second * Math.cos(angle) + first * Math.sin(angle));
            }
        }
        return out;
    }

    @Test
    void fusedRotationIsTheFormula() {
        assertThat(rotated(DType.FLOAT, 1, RotaryTables::rotate)).containsExactly(byHand(1), Offset.offset(1e-6));
    }

    @Test
    void plainRotationIsTheFormula() {
        assertThat(rotated(DType.FLOAT, 1, RotaryTables::rotatePlain)).containsExactly(byHand(1), Offset.offset(1e-6));
        assertThat(rotated(DType.DOUBLE, 1, RotaryTables::rotate)).containsExactly(byHand(1), Offset.offset(1e-14));
    }

    @Test
    void tablesCarryTheirScale() {
        assertThat(rotated(DType.FLOAT, 1.5, RotaryTables::rotate)).containsExactly(byHand(1.5), Offset.offset(1e-6));
    }

    @Test
    void frequenciesFallGeometrically() {
        // theta 10000, head size 8: 1, 1/10, 1/100, 1/1000
        assertThat(new RotaryScaling.None().frequencies(8, 10000))
                .containsExactly(new double[] {1, 0.1, 0.01, 0.001}, Offset.offset(1e-15));
        assertThat(new RotaryScaling.Linear(4).frequencies(4, 100))
                .containsExactly(new double[] {0.25, 0.025}, Offset.offset(1e-15));
    }

    /**
     * Llama 3.1's factor 8, low 1, high 4, context 8192. Its wave lengths: below 8192 / 4 = 2048 a frequency is kept,
     * above 8192 / 1 an eighth is left, and 4096, half way in frequency between the first (4 waves in the context) and
     * the second (1 wave), has 2 waves: share (2 - 1) / (4 - 1) = 1/3 kept, 2/3 divided: 1/3 + 2/3 / 8 = 5/12.
     */
    @Test
    void llama3ScalingByHand() {
        RotaryScaling scaling = new RotaryScaling.Llama3(8, 1, 4, 8192);
        assertThat(scaling.scaled(wave(2000))).isEqualTo(wave(2000));
        assertThat(scaling.scaled(wave(2048))).isCloseTo(wave(2048), Offset.offset(1e-15));
        assertThat(scaling.scaled(wave(4096))).isCloseTo(wave(4096) * 5 / 12, Offset.offset(1e-15));
        assertThat(scaling.scaled(wave(8192))).isCloseTo(wave(8192) / 8, Offset.offset(1e-15));
        assertThat(scaling.scaled(wave(100_000))).isCloseTo(wave(100_000) / 8, Offset.offset(1e-18));
    }

    private static double wave(double length) {
        return 2 * Math.PI / length;
    }
}
