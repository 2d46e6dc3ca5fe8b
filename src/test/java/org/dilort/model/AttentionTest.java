package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.model.Attention.Scores;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grouped heads by stacking query rows give what repeating keys and values gives. */
class AttentionTest {
    private static final long SEED = Long.getLong("dil.seed", 20261126L);
    private static final int ROWS = 2;
    private static final int LENGTH = 3;
    private static final int SIZE = 4;

    /** {@code past} more keys than queries, as with a cache. */
    @ParameterizedTest
    @CsvSource({"4, 2, 0", "4, 4, 0", "4, 1, 0", "6, 2, 5", "1, 1, 2"})
    void groupedHeadsAreRepeatedKeysAndValues(int heads, int groups, int past) {
        SplittableRandom random = new SplittableRandom(SEED);
        int total = LENGTH + past;
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("query", Array.random(random, -2, 2, ROWS, heads, LENGTH, SIZE));
        inputs.put("key", Array.random(random, -2, 2, ROWS, groups, total, SIZE));
        inputs.put("value", Array.random(random, -2, 2, ROWS, groups, total, SIZE));
        inputs.put("mask", mask(random, total));
        for (Scores scores :
                List.of(Scores.plain(SIZE), new Scores(0.7, SoftCap.NONE), new Scores(2, new SoftCap(3)))) {
            double[] expected = naive(inputs, heads, groups, scores);
            assertThat(run(DType.DOUBLE, inputs, heads, groups, scores))
                    .as("%s, seed %d", scores, SEED)
                    .containsExactly(expected, Offset.offset(1e-13));
            assertThat(run(DType.FLOAT, inputs, heads, groups, scores))
                    .as("%s, seed %d", scores, SEED)
                    .containsExactly(expected, Offset.offset(1e-5));
        }
    }

    /** Random, but each token sees at least its own column. */
    private static Array mask(SplittableRandom random, int total) {
        Array mask = Array.random(random, 0, 1, ROWS, 1, 1, LENGTH, total);
        for (int i = 0; i < mask.values().length; i++) {
            boolean own = i % total == i / total % LENGTH;
            mask.values()[i] = own || mask.values()[i] < 0.6 ? 0 : TrunkAndBranches.NOT_SEEN;
        }
        return mask;
    }

    private static double[] run(DType dtype, Map<String, Array> inputs, int heads, int groups, Scores scores) {
        GraphBuilder graph = new GraphBuilder("attention");
        Ops ops = new Ops(graph);
        Dim rows = Dim.of("rows");
        Dim length = Dim.of("length");
        Dim total = Dim.of("total");
        Value query = graph.input("query", dtype, rows, Dim.of(heads), length, Dim.of(SIZE));
        Value key = graph.input("key", dtype, rows, Dim.of(groups), total, Dim.of(SIZE));
        Value value = graph.input("value", dtype, rows, Dim.of(groups), total, Dim.of(SIZE));
        Value mask = graph.input("mask", dtype, rows, Dim.ONE, Dim.ONE, length, total);
        KeyValueCache.KeyValue seen = new KeyValueCache.KeyValue(key, value);
        graph.output("out", Attention.attend(ops, query, seen, mask, scores));
        Graph built = graph.build();
        assertThat(built.output("out").shape()).isEqualTo(query.shape());
        return GraphRunner.run(built, inputs).get("out").values();
    }

    private static double[] naive(Map<String, Array> inputs, int heads, int groups, Scores scores) {
        double[] query = inputs.get("query").values();
        double[] key = inputs.get("key").values();
        double[] value = inputs.get("value").values();
        double[] mask = inputs.get("mask").values();
        int total = mask.length / (ROWS * LENGTH);
        double[] out = new double[query.length];
        for (int token = 0; token < ROWS * heads * LENGTH; token++) {
            int row = token / (heads * LENGTH);
            int head = token / LENGTH % heads;
            int group = row * groups + head / (heads / groups);
            double[] weights = new double[total];
            double sum = 0;
            for (int j = 0; j < total; j++) {
                double product = 0;
                for (int i = 0; i < SIZE; i++) {
                    product += query[token * SIZE + i] * key[(group * total + j) * SIZE + i] * scores.scale();
                }
                double bound = scores.cap().bound();
                double score = Double.isInfinite(bound) ? product : bound * Math.tanh(product / bound);
                weights[j] = Math.exp(score + mask[(row * LENGTH + token % LENGTH) * total + j]);
                sum += weights[j];
            }
            for (int j = 0; j < total; j++) {
                for (int i = 0; i < SIZE; i++) {
                    out[token * SIZE + i] += weights[j] / sum * value[(group * total + j) * SIZE + i];
                }
            }
        }
        return out;
    }
}
