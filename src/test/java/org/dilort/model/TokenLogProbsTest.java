package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.model.TokenLogProbs.Chunks;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLogProbsTest {
    private static final int HIDDEN = 3;
    private static final int VOCABULARY = 5;
    private static final int SEQUENCES = 4;
    private static final double[] SEQUENCE_WEIGHTS = {0.5, -1, 2, 0.25};

    /** Seven targets; sequence 3 has none, sequence 0's are not side by side. */
    private static Map<String, Array> inputs() {
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("hidden", Array.random(new SplittableRandom(1), -2, 2, 7, HIDDEN));
        inputs.put("projection", Array.random(new SplittableRandom(2), -2, 2, VOCABULARY, HIDDEN));
        inputs.put("ids", Array.vector(4, 0, 0, 2, 1, 3, 4));
        inputs.put("sequences", Array.vector(0, 1, 0, 2, 2, 1, 0));
        return inputs;
    }

    /** Sums, their weighted sum as the loss, and its gradients. */
    private static Graph graph(DType dtype, SoftCap cap, Chunks chunks) {
        GraphBuilder graph = new GraphBuilder("logps");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Dim targets = Dim.of("targets");
        Value hidden = graph.input("hidden", dtype, targets, Dim.of(HIDDEN));
        Value projection = graph.input("projection", dtype, Dim.of(VOCABULARY), Dim.of(HIDDEN));
        Value ids = graph.input("ids", DType.INT64, targets);
        Value sequences = graph.input("sequences", DType.INT64, targets);
        Value logps = TokenLogProbs.of(tape, hidden, new OutputProjection(projection, cap), ids, chunks);
        Value sums =
                tape.ops().scatterAdd(tape.ops().full(Shape.of(SEQUENCES), hidden.dtype(), 0), sequences, logps, 0);
        graph.output("sums", sums);
        Value weights = ops.constant(Tensor.of(dtype, Shape.of(SEQUENCES), SEQUENCE_WEIGHTS));
        Value loss = ops.sumAll(ops.mul(sums, weights));
        graph.output("loss", loss);
        List<Value> gradients = tape.gradients(loss, List.of(hidden, projection));
        graph.output("hidden.gradient", gradients.get(0));
        graph.output("projection.gradient", gradients.get(1));
        return graph.build();
    }

    /** Logits 0 and ln 3 are probabilities 1/4 and 3/4, so log sum p² = log(1/16 + 9/16); three chunks of one target. */
    @Test
    void collisionsAreTheSumOfSquares() {
        GraphBuilder graph = new GraphBuilder("collisions");
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        Dim targets = Dim.of("targets");
        Value hidden = graph.input("hidden", DType.FLOAT, targets, Dim.of(1));
        Value projection = graph.input("projection", DType.FLOAT, Dim.of(2), Dim.of(1));
        Value ids = graph.input("ids", DType.INT64, targets);
        TokenLogProbs.WithCollisions both = TokenLogProbs.withCollisions(
                tape, hidden, new OutputProjection(projection, SoftCap.NONE), ids, new Chunks(1, 3));
        graph.output("logps", both.logps());
        graph.output("collisions", both.collisions());
        Value loss = tape.ops().sumAll(tape.ops().add(both.logps(), both.collisions()));
        graph.output("gradient", tape.gradients(loss, List.of(hidden)).get(0));
        Map<String, Array> outputs = GraphRunner.run(
                graph.build(),
                Map.of(
                        "hidden", new Array(new long[] {3, 1}, new double[] {1, 1, 0}),
                        "projection", new Array(new long[] {2, 1}, new double[] {0, Math.log(3)}),
                        "ids", Array.vector(0, 1, 1)));
        assertThat(outputs.get("collisions").values())
                .containsExactly(
                        new double[] {Math.log(10 / 16.0), Math.log(10 / 16.0), Math.log(0.5)}, Offset.offset(1e-6));
        assertThat(outputs.get("logps").values())
                .containsExactly(new double[] {Math.log(0.25), Math.log(0.75), Math.log(0.5)}, Offset.offset(1e-6));
        double slope = Math.log(3); // d logp(1) / d hidden = ln 3 (1 - p(1)), d logp(0) / d hidden = -ln 3 p(1)
        assertThat(outputs.get("gradient").values())
                .containsExactly(new double[] {-0.75 * slope, 0.25 * slope, 0.5 * slope}, Offset.offset(1e-6));
    }

    private static double[] sumsByHand(Map<String, Array> inputs, double cap) {
        double[] sums = new double[SEQUENCES];
        for (int target = 0; target < inputs.get("ids").values().length; target++) {
            double[] logits = new double[VOCABULARY];
            double total = 0;
            for (int token = 0; token < VOCABULARY; token++) {
                for (int i = 0; i < HIDDEN; i++) {
                    logits[token] += inputs.get("hidden").values()[target * HIDDEN + i]
                            * inputs.get("projection").values()[token * HIDDEN + i];
                }
                logits[token] = Double.isInfinite(cap) ? logits[token] : cap * Math.tanh(logits[token] / cap);
                total += Math.exp(logits[token]);
            }
            int id = (int) inputs.get("ids").values()[target];
            sums[(int) inputs.get("sequences").values()[target]] += logits[id] - Math.log(total);
        }
        return sums;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "3, 3", "4, 2", "2, 2", "7, 4", "16, 3", "1, 9"})
    void chunksChangeNothing(int chunkTargets, int chunkCount) {
        Map<String, Array> inputs = inputs();
        for (DType dtype : List.of(DType.DOUBLE, DType.FLOAT)) {
            double tolerance = dtype == DType.DOUBLE ? 1e-13 : 1e-5;
            Map<String, Array> whole = GraphRunner.run(graph(DType.DOUBLE, SoftCap.NONE, Chunks.WHOLE), inputs);
            Map<String, Array> chunked =
                    GraphRunner.run(graph(dtype, SoftCap.NONE, new Chunks(chunkTargets, chunkCount)), inputs);
            assertThat(chunked.get("sums").values())
                    .containsExactly(sumsByHand(inputs, Double.POSITIVE_INFINITY), Offset.offset(tolerance));
            whole.forEach((name, array) -> {
                assertThat(chunked.get(name).shape()).as(name).isEqualTo(array.shape());
                assertThat(chunked.get(name).values())
                        .as(name)
                        .containsExactly(array.values(), Offset.offset(tolerance));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.POSITIVE_INFINITY, 1.5, 30})
    void gradientsAreThoseOfFiniteDifferences(double cap) {
        Map<String, Array> inputs = inputs();
        try (GraphRunner runner = new GraphRunner(graph(DType.DOUBLE, new SoftCap(cap), new Chunks(3, 4)))) {
            Map<String, Array> analytic = runner.run(inputs);
            assertThat(analytic.get("sums").values()).containsExactly(sumsByHand(inputs, cap), Offset.offset(1e-13));
            for (String name : List.of("hidden", "projection")) {
                double[] gradient = analytic.get(name + ".gradient").values();
                for (int i = 0; i < gradient.length; i++) {
                    double expected =
                            (loss(runner, inputs, name, i, 1e-5) - loss(runner, inputs, name, i, -1e-5)) / 2e-5;
                    assertThat(gradient[i]).as("%s[%d]", name, i).isCloseTo(expected, Offset.offset(1e-8));
                }
            }
        }
    }

    private static double loss(GraphRunner runner, Map<String, Array> inputs, String name, int index, double step) {
        Map<String, Array> moved = new LinkedHashMap<>(inputs);
        moved.put(name, inputs.get(name).withValue(index, inputs.get(name).values()[index] + step));
        return runner.run(moved).get("loss").values()[0];
    }

    /** A micro-batch may hold no scored token at all. */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 3"})
    void noTargetsGiveZeros(int chunkTargets, int chunkCount) {
        Map<String, Array> inputs = inputs();
        inputs.put("hidden", new Array(new long[] {0, HIDDEN}, new double[0]));
        inputs.put("ids", Array.vector());
        inputs.put("sequences", Array.vector());
        for (DType dtype : List.of(DType.DOUBLE, DType.FLOAT)) {
            Map<String, Array> outputs =
                    GraphRunner.run(graph(dtype, SoftCap.NONE, new Chunks(chunkTargets, chunkCount)), inputs);
            assertThat(outputs.get("sums").values()).containsExactly(0, 0, 0, 0);
            assertThat(outputs.get("hidden.gradient").values()).isEmpty();
            assertThat(outputs.get("projection.gradient").values()).hasSize(15).containsOnly(0);
        }
    }

    /** Large logits: logsumexp must not overflow in float. */
    @Test
    void largeLogitsStayFinite() {
        Map<String, Array> inputs = inputs();
        Array hidden = inputs.get("hidden");
        for (int i = 0; i < hidden.values().length; i++) {
            hidden.values()[i] *= 200;
        }
        Map<String, Array> outputs = GraphRunner.run(graph(DType.FLOAT, SoftCap.NONE, new Chunks(2, 2)), inputs);
        Map<String, Array> exact = GraphRunner.run(graph(DType.DOUBLE, SoftCap.NONE, Chunks.WHOLE), inputs);
        for (int i = 0; i < SEQUENCES; i++) {
            double expected = exact.get("sums").values()[i];
            assertThat(outputs.get("sums").values()[i])
                    .isCloseTo(expected, Offset.offset(1e-5 * Math.max(1, Math.abs(expected))));
        }
        assertThat(outputs.get("projection.gradient").values()).doesNotContain(Double.NaN);
    }

    @Test
    void chunksAreChosenByTheSizeOfTheirLogits() {
        assertThat(Chunks.forTargets(1000, 32000, 2048)).isEqualTo(new Chunks(524, 2));
        assertThat(Chunks.forTargets(524, 32000, 2048)).isEqualTo(new Chunks(524, 1));
        assertThat(Chunks.forTargets(100, 50_000_000, 32)).isEqualTo(new Chunks(16, 7));
        assertThat(Chunks.forTargets(1000, 32000, 4096)).isEqualTo(new Chunks(1024, 1));
        assertThat(Chunks.forTargets(2048, 128256, 2048)).isEqualTo(new Chunks(512, 4));
        assertThat(Chunks.forTargets(16384, 128256, 576)).isEqualTo(new Chunks(256, 64));
        assertThat(Chunks.forTargets(100_000_000, 128256, 2048).chunkCount()).isEqualTo(64);
        assertThatThrownBy(() -> new Chunks(0, 1)).hasMessage("chunks of 0 targets, 1 of them");
        assertThatThrownBy(() -> new Chunks(4, 0)).hasMessage("chunks of 4 targets, 0 of them");
    }
}
