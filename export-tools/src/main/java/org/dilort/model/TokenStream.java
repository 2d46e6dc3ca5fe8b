package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Value;

/**
 * The tokens that a forward pass reads and how they see each other.
 *
 * @param inputIds int64 {@code [rows, length]}
 * @param positionIds int64 {@code [rows, length]}
 * @param masks added to the scores
 * @param cache where earlier keys and values come from
 * @param tablePositions rows of the rotary tables: more than any position and any row's length
 * @param queryChunks how attention is cut; more than one only where no token sees a later column and nothing is cached
 * @param compute the type of the hidden states
 */
public record TokenStream(
        Value inputIds,
        Value positionIds,
        AttentionMasks masks,
        KeyValueCache cache,
        int tablePositions,
        QueryChunks queryChunks,
        DType compute) {

    public Dim rows() {
        return inputIds.dim(0);
    }

    public Dim length() {
        return inputIds.dim(1);
    }

    /** Tokens of all rows: rows * length. */
    public Dim count() {
        return rows().times(length());
    }
}
