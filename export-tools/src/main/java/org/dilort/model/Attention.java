package org.dilort.model;

import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Scaled dot-product attention with grouped-query heads, softmax(Q Kᵀ / sqrt(head size) + mask) V.
 *
 * <p>Keys and values are never repeated: the query heads of a group are stacked as further rows of one product.
 */
public final class Attention {
    private Attention() {}

    /** {@code [rows * length, heads * head size] -> [rows, heads, length, head size]}. */
    public static Value splitHeads(Ops ops, Value x, TokenStream tokens, int heads, int headSize) {
        Value split = ops.reshape(x, tokens.rows(), tokens.length(), Dim.of(heads), Dim.of(headSize));
        return ops.transpose(split, 0, 2, 1, 3);
    }

    /** {@code [rows, heads, length, head size] -> [rows * length, heads * head size]}. */
    public static Value mergeHeads(Ops ops, Value x, TokenStream tokens) {
        Value merged = ops.transpose(x, 0, 2, 1, 3); // [rows, length, heads, head size]
        return ops.reshape(
                merged, tokens.rows().times(tokens.length()), x.dim(1).times(x.dim(3)));
    }

    /**
     * @param query {@code [rows, heads, length, head size]}
     * @param keyValue {@code [rows, key-value heads, total, head size]} each
     * @return {@code [rows, heads, length, head size]}
     */
    public static Value attend(Ops ops, Value query, KeyValueCache.KeyValue keyValue, TokenStream tokens) {
        Dim rows = query.dim(0);
        Dim groups = keyValue.key().dim(1);
        Dim headSize = query.dim(3);
        Dim perGroup = query.dim(1).dividedBy(groups);
        Dim stacked = perGroup.times(tokens.length());
        Value scaled = ops.mul(query, 1 / Math.sqrt(headSize.value()));
        Value grouped = ops.reshape(scaled, rows, groups, stacked, headSize);
        Value scores = ops.matMul(grouped, ops.transpose(keyValue.key(), 0, 1, 3, 2)); // [rows, groups, stacked, total]
        Value perHead = ops.reshape(scores, rows, groups, perGroup, tokens.length(), tokens.total());
        Value weights = ops.softmax(ops.add(perHead, tokens.attentionMask()));
        Value stackedWeights = ops.reshape(weights, rows, groups, stacked, tokens.total());
        Value mixed = ops.matMul(stackedWeights, keyValue.value()); // [rows, groups, stacked, head size]
        return ops.reshape(mixed, rows, query.dim(1), tokens.length(), headSize);
    }
}
