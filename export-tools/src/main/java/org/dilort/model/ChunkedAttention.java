package org.dilort.model;

import java.util.ArrayList;
import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.Attention.Scores;
import org.dilort.model.KeyValueCache.KeyValue;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * {@link Attention} whose scores are never held for a whole row: P = softmax(cap(scale Q Kᵀ) + mask), O = P V, for one
 * chunk of queries after the other (as FlashAttention orders it, arXiv 2205.14135, with whole rows of keys).
 *
 * <p>The backward pass computes P again: dV = Pᵀ dO, dP = dO Vᵀ, dS = P (dP - rowsum(P dP)), dQ = scale dS K, dK = scale
 * dSᵀ Q. No token sees a later column, so a chunk reads only the keys up to its own end: nearly half of all products
 * are not computed.
 */
final class ChunkedAttention {
    private static final int QUERY_AXIS = 3;
    private static final int KEY_AXIS = 3;
    private static final int GROUP_AXIS = 2;

    private final Ops ops;
    private final List<Value> masks;
    private final Scores scores;
    private final QueryChunks chunks;

    private ChunkedAttention(Ops ops, List<Value> masks, Scores scores, QueryChunks chunks) {
        this.ops = ops;
        this.masks = masks;
        this.scores = scores;
        this.chunks = chunks;
    }

    /**
     * Shapes as those of {@link Attention#attend}, with as many keys as queries.
     *
     * @param masks of each chunk, {@code [rows, 1, 1, chunk, seen]}
     */
    static Value attend(
            Tape tape, Value query, KeyValue keyValue, List<Value> masks, Scores scores, QueryChunks chunks) {
        ChunkedAttention attention = new ChunkedAttention(tape.ops(), masks, scores, chunks);
        return tape.custom(
                        List.of(query, keyValue.key(), keyValue.value()),
                        inputs -> List.of(attention.forward(attention.grouped(inputs))),
                        (inputs, gradients) -> attention.backward(inputs, attention.grouped(inputs), gradients.get(0)))
                .get(0);
    }

    /**
     * @param query {@code [rows, groups, heads of a group, length, head size]}, scaled
     * @param key {@code [rows, groups, 1, length, head size]}
     * @param value the same
     */
    private record Grouped(Value query, Value key, Value value) {}

    private Grouped grouped(List<Value> inputs) {
        Value key = inputs.get(1);
        return new Grouped(
                grouped(ops.mul(inputs.get(0), scores.scale()), key.dim(1)),
                ops.unsqueeze(key, GROUP_AXIS),
                ops.unsqueeze(inputs.get(2), GROUP_AXIS));
    }

    /** {@code [rows, heads, length, head size] -> [rows, groups, heads of a group, length, head size]}. */
    private Value grouped(Value x, Dim groups) {
        return ops.reshape(x, x.dim(0), groups, x.dim(1).dividedBy(groups), x.dim(2), x.dim(3));
    }

    /** One chunk of queries {@code [.., chunk, head size]}, the keys that they may see, and the mask between them. */
    private record Chunk(long from, long to, Value query, Value key, Value value, Value mask) {}

    private Chunk chunk(int index, Grouped all) {
        long from = chunks.from(index);
        long to = chunks.to(index);
        return new Chunk(
                from,
                to,
                ops.slice(all.query(), QUERY_AXIS, from, to),
                ops.slice(all.key(), KEY_AXIS, 0, to),
                ops.slice(all.value(), KEY_AXIS, 0, to),
                masks.get(index));
    }

    /** {@code [rows, groups, heads of a group, chunk, seen]}. */
    private Value capped(Chunk chunk) {
        return scores.cap().apply(ops, ops.matMul(chunk.query(), swapped(chunk.key())));
    }

    private Value weights(Chunk chunk, Value capped) {
        return ops.softmax(ops.add(capped, chunk.mask()));
    }

    private Value swapped(Value x) {
        return ops.transpose(x, 0, 1, 2, 4, 3);
    }

    private Value forward(Grouped all) {
        List<Value> mixed = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            Chunk chunk = chunk(i, all);
            mixed.add(ops.matMul(weights(chunk, capped(chunk)), chunk.value()));
        }
        return perHead(mixed);
    }

    /** Chunks {@code [rows, groups, heads of a group, chunk, head size] -> [rows, heads, length, head size]}. */
    private Value perHead(List<Value> parts) {
        Value all = ops.concat(QUERY_AXIS, parts.toArray(Value[]::new));
        return ops.reshape(all, all.dim(0), all.dim(1).times(all.dim(2)), all.dim(3), all.dim(4));
    }

    private List<Value> backward(List<Value> inputs, Grouped all, Value outputGradient) {
        Value gradient = grouped(outputGradient, all.key().dim(1));
        Value nothing = ops.zerosLike(all.key());
        List<Value> queries = new ArrayList<>();
        List<Value> keys = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            Chunk chunk = chunk(i, all);
            Value part = ops.slice(gradient, QUERY_AXIS, chunk.from(), chunk.to()); // [.., chunk, head size]
            Value capped = capped(chunk);
            Value weights = weights(chunk, capped);
            Value products = scores.cap().gradient(ops, capped, scoreGradient(chunk, weights, part));
            queries.add(ops.matMul(products, chunk.key()));
            keys.add(upToTheEnd(ops.matMul(swapped(products), chunk.query()), nothing, chunk));
            values.add(upToTheEnd(ops.matMul(swapped(weights), part), nothing, chunk));
        }
        Value queryGradient = ops.mul(perHead(queries), scores.scale());
        return List.of(queryGradient, sum(keys, inputs.get(1)), sum(values, inputs.get(2)));
    }

    private Value scoreGradient(Chunk chunk, Value weights, Value outputGradient) {
        Value weightGradient = ops.matMul(outputGradient, swapped(chunk.value())); // [.., chunk, seen]
        Value shares = ops.mul(weights, weightGradient);
        return ops.sub(shares, ops.mul(weights, ops.reduceSum(shares, -1)));
    }

    /** {@code [rows, groups, heads of a group, seen, head size] -> [rows, groups, 1, length, head size]}. */
    private Value upToTheEnd(Value perHead, Value nothing, Chunk chunk) {
        Value sum = perHead.dim(GROUP_AXIS).isOne() ? perHead : ops.reduceSum(perHead, GROUP_AXIS);
        return chunk.to() == Long.MAX_VALUE
                ? sum
                : ops.concat(KEY_AXIS, sum, ops.slice(nothing, KEY_AXIS, chunk.to(), Long.MAX_VALUE));
    }

    private Value sum(List<Value> parts, Value like) {
        Value sum = parts.stream().reduce(ops::add).orElseThrow();
        return ops.reshape(sum, like.shape().dims().toArray(Dim[]::new));
    }
}
