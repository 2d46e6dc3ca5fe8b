package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Objective;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.QueryChunks;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.PeakMemory;
import org.dilort.onnx.Value;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;

/** What a step keeps grows with the tokens of a row and not with their square. */
class ActivationMemoryTest {
    private static final CausalLm MODEL = Architectures.of(Configs.of("""
            {"model_type": "llama", "vocab_size": 64, "hidden_size": 64, "intermediate_size": 128,
             "num_hidden_layers": 6, "num_attention_heads": 8, "num_key_value_heads": 2, "rope_theta": 10000}
            """));

    /**
     * Without chunks each of 6 layers keeps the softmax of 8 heads: 8 x 8,192 x 8,192 floats are 2 GiB. In chunks of
     * 1,024 queries what is alive of the scores at once is a few times 8 x 1,024 x 8,192 floats, 256 MiB.
     */
    @Test
    void scoresOfALongRowAreNotKept() {
        assertThat(peak(8192, QueryChunks.WHOLE)).isGreaterThan(6 * (2L << 30));
        assertThat(peak(8192, QueryChunks.forRows(8192))).isLessThan(2L << 30);
    }

    /** Four times the tokens: four times the hidden states and the scores of a chunk; the mask alone is squared. */
    @Test
    void chunksGrowWithTheRow() {
        long shorter = peak(1024, QueryChunks.forRows(1024));
        long longer = peak(4096, QueryChunks.forRows(4096));
        assertThat((double) longer / shorter).isLessThan(6);
    }

    private static long peak(int length, QueryChunks chunks) {
        GraphOptions options =
                GraphOptions.forBatches(length, length, MODEL.size()).withQueryChunks(chunks);
        Graph graph = TrainingGraph.withGradientOutputs(MODEL, Objective.of(HeadSpec.of("dpo")), options);
        Map<String, Long> symbols = new HashMap<>();
        for (Value input : graph.inputs()) {
            for (Dim dim : input.shape().dims()) {
                dim.symbols().forEach(symbol -> symbols.put(symbol, (long) length));
            }
        }
        symbols.put("rows", 1L);
        symbols.put("pairs", 1L);
        return PeakMemory.of(graph, symbols);
    }
}
