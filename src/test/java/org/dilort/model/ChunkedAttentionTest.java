package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Recompute;
import org.dilort.autodiff.Tape;
import org.dilort.model.Attention.Scores;
import org.dilort.model.KeyValueCache.KeyValue;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Node;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention in chunks and its gradients are those of attention in one piece, which finite differences hold. */
class ChunkedAttentionTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);
    private static final int ROWS = 2;
    private static final int SIZE = 4;
    private static final List<String> OUTPUTS = List.of("out", "d_query", "d_key", "d_value");

    /** Chunks that divide a row, that do not, the last of them longer than the others, and some beyond its end. */
    @ParameterizedTest
    @CsvSource({"4, 2, 6, 3, 2", "4, 4, 7, 3, 3", "4, 1, 7, 2, 2", "2, 1, 1, 2, 3", "6, 2, 5, 2, 8", "1, 1, 4, 1, 4"})
    void chunksChangeNothing(int heads, int groups, int length, int tokens, int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("query", Array.random(random, -2, 2, ROWS, heads, length, SIZE));
        inputs.put("key", Array.random(random, -2, 2, ROWS, groups, length, SIZE));
        inputs.put("value", Array.random(random, -2, 2, ROWS, groups, length, SIZE));
        inputs.put("weights", Array.random(random, -2, 2, ROWS, heads, length, SIZE));
        inputs.put("mask", causalMask(random, length));
        for (Scores scores : List.of(Scores.plain(SIZE), new Scores(2, new SoftCap(3)))) {
            for (Recompute recompute : Recompute.values()) {
                Layer layer = new Layer(heads, groups, scores, recompute);
                Map<String, Array> whole = GraphRunner.run(layer.graph(QueryChunks.WHOLE), inputs);
                Map<String, Array> chunked = GraphRunner.run(layer.graph(new QueryChunks(tokens, count)), inputs);
                for (String output : OUTPUTS) {
                    assertThat(chunked.get(output).values())
                            .as("%s of %s, seed %d", output, layer, SEED)
                            .containsExactly(whole.get(output).values(), Offset.offset(1e-13));
                }
            }
        }
    }

    /** In chunks of 3: the first reads 3 keys, the second 6, the last all. */
    @ParameterizedTest
    @CsvSource({"0, n[0:3]", "1, n[0:6]", "2, n"})
    void aChunkReadsNoKeyBeyondItsEnd(int chunk, String seen) {
        Graph graph = new Layer(2, 1, Scores.plain(SIZE), Recompute.NONE).graph(new QueryChunks(3, 3));
        List<Node> softmaxes = graph.nodes().stream()
                .filter(node -> node.op().equals("Softmax"))
                .toList();
        assertThat(softmaxes).hasSize(6); // each forward and again backward
        Value weights = softmaxes.get(chunk).outputs().get(0);
        assertThat(weights.dim(-1)).hasToString(seen);
        assertThat(softmaxes.get(chunk + 3).outputs().get(0).dim(-1)).hasToString(seen);
    }

    /** Random, but each token sees its own column and none that is later. */
    private static Array causalMask(SplittableRandom random, int length) {
        Array mask = Array.random(random, 0, 1, ROWS, 1, 1, length, length);
        for (int i = 0; i < mask.values().length; i++) {
            int key = i % length;
            int query = i / length % length;
            boolean seen = key == query || (key < query && mask.values()[i] < 0.6);
            mask.values()[i] = seen ? 0 : TrunkAndBranches.NOT_SEEN;
        }
        return mask;
    }

    private record Layer(int heads, int groups, Scores scores, Recompute recompute) {

        /** Attention, and the gradients of the weighted sum of what it gives. */
        Graph graph(QueryChunks chunks) {
            GraphBuilder graph = new GraphBuilder("attention");
            Ops ops = new Ops(graph);
            Tape tape = new Tape(ops, Form.PLAIN, recompute);
            Dim rows = Dim.of("rows");
            Dim n = Dim.of("n");
            Value query = graph.input("query", DType.DOUBLE, rows, Dim.of(heads), n, Dim.of(SIZE));
            Value key = graph.input("key", DType.DOUBLE, rows, Dim.of(groups), n, Dim.of(SIZE));
            Value value = graph.input("value", DType.DOUBLE, rows, Dim.of(groups), n, Dim.of(SIZE));
            Value weights = graph.input("weights", DType.DOUBLE, rows, Dim.of(heads), n, Dim.of(SIZE));
            Value mask = graph.input("mask", DType.DOUBLE, rows, Dim.ONE, Dim.ONE, n, n);
            KeyValue seen = new KeyValue(key, value);
            List<Value> masks = new AttentionMasks(window -> mask).of(ops, Window.UNBOUNDED, chunks, heads / groups);
            Value out = tape.block(() -> chunks.isWhole()
                    ? Attention.attend(ops, query, seen, mask, scores)
                    : ChunkedAttention.attend(tape, query, seen, masks, scores, chunks));
            Value sum = ops.squeeze(ops.reduceSum(ops.mul(out, weights), 0, 1, 2, 3), 0, 1, 2, 3);
            List<Value> gradients = tape.gradients(sum, List.of(query, key, value));
            graph.output("out", out);
            for (int i = 0; i < gradients.size(); i++) {
                graph.output(OUTPUTS.get(i + 1), gradients.get(i));
            }
            return graph.build();
        }
    }
}
