package org.dilort.model;

import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Scaled dot-product attention with grouped-query heads, softmax(cap(scale Q Kᵀ) + mask) V.
 *
 * <p>Keys and values are never repeated: the query heads of a group are stacked as further rows of one product.
 */
public final class Attention {
    private Attention() {}

    /** How the products of queries and keys become scores. */
    public record Scores(double scale, SoftCap cap) {

        /** 1 / sqrt(head size), no cap. */
        public static Scores plain(int headSize) {
            return new Scores(1 / Math.sqrt(headSize), SoftCap.NONE);
        }
    }

    /** {@code [rows * length, heads * head size] -> [rows, heads, length, head size]}. */
    public static Value splitHeads(Ops ops, Value x, TokenStream tokens, int heads, int headSize) {
        Value split = ops.reshape(x, tokens.rows(), tokens.length(), Dim.of(heads), Dim.of(headSize));
        return ops.transpose(split, 0, 2, 1, 3);
    }

    /** {@code [rows, heads, length, head size] -> [rows * length, heads * head size]}. */
    public static Value mergeHeads(Ops ops, Value x, TokenStream tokens) {
        Value merged = ops.transpose(x, 0, 2, 1, 3); // [rows, length, heads, head size]
        return ops.reshape(merged, tokens.count(), x.dim(1).times(x.dim(3)));
    }

    /**
     * A layer of a forward pass, in the chunks that the tokens ask for.
     *
     * @param masks of each chunk
     */
    public static Value attend(
            Tape tape,
            TokenStream tokens,
            Value query,
            KeyValueCache.KeyValue keyValue,
            List<Value> masks,
            Scores scores) {
        return tokens.queryChunks().isWhole()
                ? attend(tape.ops(), query, keyValue, masks.get(0), scores)
                : ChunkedAttention.attend(tape, query, keyValue, masks, scores, tokens.queryChunks());
    }

    /**
     * @param query {@code [rows, heads, length, head size]}
     * @param keyValue {@code [rows, key-value heads, total, head size]} each
     * @param mask {@code [rows, 1, 1, length, total]}
     * @return {@code [rows, heads, length, head size]}
     */
    public static Value attend(Ops ops, Value query, KeyValueCache.KeyValue keyValue, Value mask, Scores scores) {
        Dim rows = query.dim(0);
        Dim groups = keyValue.key().dim(1);
        Dim length = query.dim(2);
        Dim headSize = query.dim(3);
        Dim total = mask.dim(-1);
        Dim perGroup = query.dim(1).dividedBy(groups);
        Dim stacked = perGroup.times(length);
        Value scaled = ops.mul(query, scores.scale());
        Value grouped = ops.reshape(scaled, rows, groups, stacked, headSize);
        Value products = ops.matMul(grouped, ops.transpose(keyValue.key(), 0, 1, 3, 2)); // [.., stacked, total]
        Value capped = scores.cap().apply(ops, products);
        Value perHead = ops.reshape(capped, rows, groups, perGroup, length, total);
        Value weights = ops.softmax(ops.add(perHead, mask));
        Value stackedWeights = ops.reshape(weights, rows, groups, stacked, total);
        Value mixed = ops.matMul(stackedWeights, keyValue.value()); // [rows, groups, stacked, head size]
        return ops.reshape(mixed, rows, query.dim(1), length, headSize);
    }
}
