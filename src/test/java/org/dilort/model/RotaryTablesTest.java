package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        return rotated(dtype, FREQUENCIES, scale, rotation);
    }

    private static double[] rotated(DType dtype, double[] frequencies, double scale, Rotation rotation) {
        GraphBuilder graph = new GraphBuilder("rotary");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", dtype, Dim.of("rows"), Dim.of(3), Dim.of("length"), Dim.of(HEAD));
        Value ids = graph.input("ids", DType.INT64, Dim.of("rows"), Dim.of("length"));
        RotaryTables tables = RotaryTables.of(ops, frequencies, scale, POSITIONS, dtype);
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

    /** The first four of six dimensions turn as a head of four would, the last two stay. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT", "DOUBLE"})
    void dimensionsBeyondTheTablesStay(DType dtype) {
        double[] frequencies = new RotaryScaling.None().frequencies(4, 100);
        double[] expected = X.values().clone();
        for (int at = 0; at < expected.length; at += HEAD) {
            double position = IDS.values()[at / (3 * 4 * HEAD) * 4 + at / HEAD % 4];
            for (int i = 0; i < 2; i++) {
                double first = X.values()[at + i];
                double second = X.values()[at + i + 2];
                double angle = position * frequencies[i];
                expected[at + i] = first * Math.cos(angle) - second * Math.sin(angle);
                expected[at + i + 2] = second * Math.cos(angle) + first * Math.sin(angle);
            }
        }
        for (Rotation rotation : List.<Rotation>of(RotaryTables::rotate, RotaryTables::rotatePlain)) {
            assertThat(rotated(dtype, frequencies, 1, rotation)).containsExactly(expected, Offset.offset(1e-6));
        }
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
        assertThat(scaled(scaling, wave(2000))).isCloseTo(wave(2000), Offset.offset(1e-15));
        assertThat(scaled(scaling, wave(2048))).isCloseTo(wave(2048), Offset.offset(1e-15));
        assertThat(scaled(scaling, wave(4096))).isCloseTo(wave(4096) * 5 / 12, Offset.offset(1e-15));
        assertThat(scaled(scaling, wave(8192))).isCloseTo(wave(8192) / 8, Offset.offset(1e-15));
        assertThat(scaled(scaling, wave(100_000))).isCloseTo(wave(100_000) / 8, Offset.offset(1e-18));
    }

    /**
     * Twice the context at factor 2: theta grows by (2 * 2 - 1)^(d / (d - 2)) = 3^2 for 4 dimensions, from 100 to 900;
     * within the context nothing changes.
     */
    @Test
    void dynamicScalingByHand() {
        assertThat(new RotaryScaling.DynamicNtk(2, 8, 16).frequencies(4, 100))
                .containsExactly(new double[] {1, 1 / 30.0}, Offset.offset(1e-15));
        assertThat(new RotaryScaling.DynamicNtk(2, 8, 5).frequencies(4, 100))
                .containsExactly(new double[] {1, 0.1}, Offset.offset(1e-15));
    }

    /**
     * Eight dimensions, theta 10000, frequencies 1, 1/10, 1/100, 1/1000, context 2 pi * 50. Pair i turns 50 frequency_i
     * times in it; 50 turns are those of pair 0, 0.5 turns those of pair 2, so the three first keep 1, 1/2 and 0 of their
     * frequency, the last nothing, and what is not kept is divided by 4.
     */
    @Test
    void yarnByHand() {
        RotaryScaling scaling = new RotaryScaling.Yarn(4, 2 * Math.PI * 50, 49.9, 0.501, 1.5);
        assertThat(scaling.frequencies(8, 10000))
                .containsExactly(
                        new double[] {1, 0.5 * 0.1 / 4 + 0.5 * 0.1, 0.01 / 4, 0.001 / 4}, Offset.offset(1e-15));
        assertThat(scaling.scale()).isEqualTo(1.5);
    }

    /** Both bounds at one pair: it is kept, and those after it are stretched. */
    @Test
    void yarnWithoutABlend() {
        RotaryScaling scaling = new RotaryScaling.Yarn(4, 2 * Math.PI * 50, 5, 5, 1);
        assertThat(scaling.frequencies(8, 10000))
                .containsExactly(new double[] {1, 0.1, 0.01 / 4, 0.001 / 4}, Offset.offset(1e-15));
    }

    @Test
    void longRopeDividesEachFrequency() {
        assertThat(new RotaryScaling.LongRope(List.of(2.0, 5.0), 1.2, 64).frequencies(4, 100))
                .containsExactly(new double[] {0.5, 0.02}, Offset.offset(1e-15));
    }

    /** theta = frequency^-2 has the frequency as the second of four dimensions' two. */
    private static double scaled(RotaryScaling scaling, double frequency) {
        return scaling.frequencies(4, Math.pow(frequency, -2))[1];
    }

    private static double wave(double length) {
        return 2 * Math.PI / length;
    }
}
