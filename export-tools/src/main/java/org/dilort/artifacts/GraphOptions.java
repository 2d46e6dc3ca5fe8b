package org.dilort.artifacts;

import org.dilort.autodiff.Form;
import org.dilort.model.TokenLogProbs.Chunks;
import org.dilort.onnx.DType;

/**
 * How a model's graphs are written.
 *
 * @param tablePositions rows of the rotary tables: at least the longest row of a micro-batch
 * @param compute the type of weights and hidden states: float, or double for tests
 */
public record GraphOptions(DType compute, Form form, Chunks chunks, int tablePositions) {

    /** For micro-batches of up to {@code microBatchTokens} tokens in rows of up to {@code longestRow}. */
    public static GraphOptions forBatches(int microBatchTokens, int longestRow, int vocabulary) {
        Chunks chunks = Chunks.forTargets(Math.max(microBatchTokens, longestRow), vocabulary);
        return new GraphOptions(DType.FLOAT, Form.PLAIN, chunks, longestRow);
    }
}
