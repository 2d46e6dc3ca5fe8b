package org.dilort.artifacts;

import org.dilort.autodiff.Form;
import org.dilort.autodiff.Recompute;
import org.dilort.model.ModelSize;
import org.dilort.model.QueryChunks;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.NarrowProducts;

/**
 * How a model's graphs are written.
 *
 * @param tablePositions rows of the rotary tables: at least the longest row of a micro-batch
 * @param compute the type of weights and hidden states: float, or double for tests
 * @param products the type of matrix products: {@code compute}, or a narrower one ({@link NarrowProducts})
 * @param queryChunks how attention is cut
 */
public record GraphOptions(
        DType compute,
        DType products,
        Form form,
        Recompute recompute,
        Chunks chunks,
        int tablePositions,
        QueryChunks queryChunks) {

    /** With matrix products in the type of everything else, attention in one piece, and nothing computed twice. */
    public GraphOptions(DType compute, Form form, Chunks chunks, int tablePositions) {
        this(compute, compute, form, Recompute.NONE, chunks, tablePositions, QueryChunks.WHOLE);
    }

    /** For micro-batches of up to {@code microBatchTokens} tokens in rows of up to {@code longestRow}. */
    public static GraphOptions forBatches(int microBatchTokens, int longestRow, ModelSize model) {
        Chunks chunks = Chunks.forTargets(Math.max(microBatchTokens, longestRow), model.vocabulary(), model.hidden());
        return new GraphOptions(DType.FLOAT, Form.PLAIN, chunks, longestRow)
                .withQueryChunks(QueryChunks.forRows(longestRow));
    }

    public GraphOptions withProducts(DType type) {
        return new GraphOptions(compute, type, form, recompute, chunks, tablePositions, queryChunks);
    }

    public GraphOptions withForm(Form newForm) {
        return new GraphOptions(compute, products, newForm, recompute, chunks, tablePositions, queryChunks);
    }

    public GraphOptions withChunks(Chunks newChunks) {
        return new GraphOptions(compute, products, form, recompute, newChunks, tablePositions, queryChunks);
    }

    public GraphOptions withRecompute(Recompute policy) {
        return new GraphOptions(compute, products, form, policy, chunks, tablePositions, queryChunks);
    }

    public GraphOptions withQueryChunks(QueryChunks newChunks) {
        return new GraphOptions(compute, products, form, recompute, chunks, tablePositions, newChunks);
    }

    /** A graph as it is to be run. */
    Graph finished(Graph graph) {
        return products == compute ? graph : NarrowProducts.of(graph, products);
    }
}
