package org.dilort.model;

import java.util.ArrayList;
import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.Attention.Scores;
import org.dilort.model.KeyValueCache.KeyValue;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * {@link Attention} whose scores are never held for a whole row: P = softmax(cap(scale Q Kᵀ) + mask), O = P V, for one
 * chunk of queries after the other (as FlashAttention orders it, arXiv 2205.14135, with whole rows of keys).
 *
 * <p>The backward pass computes P again: dV = Pᵀ dO, dP = dO Vᵀ, dS = P (dP - D) with D = rowsum(P dP) = rowsum(O dO), dQ
 * = dS K, dK = dSᵀ Q. No token sees a later column, so a chunk reads only the keys up to its own end: nearly half of all
 * products are not computed.
 *
 * <p>The heads of a group lie beside each other for every token, so a chunk is a stretch of rows of one matrix, and what
 * the heads of a group add to their key's gradient is added inside the product.
 */
final class ChunkedAttention {
    private static final int ROW_AXIS = 2;

    private final Ops ops;
    private final List<Value> masks;
    private final SoftCap cap;
    private final QueryChunks chunks;
    private final long perGroup;

    private ChunkedAttention(Ops ops, List<Value> masks, SoftCap cap, QueryChunks chunks, long perGroup) {
        this.ops = ops;
        this.masks = masks;
        this.cap = cap;
        this.chunks = chunks;
        this.perGroup = perGroup;
    }

    /**
     * Shapes as those of {@link Attention#attend}, with as many keys as queries.
     *
     * @param masks of each chunk, {@code [rows, 1, chunk * heads of a group, seen]}
     */
    static Value attend(
            Tape tape, Value query, KeyValue keyValue, List<Value> masks, Scores scores, QueryChunks chunks) {
        Ops ops = tape.ops();
        Dim groups = keyValue.key().dim(1);
        Dim perGroup = query.dim(1).dividedBy(groups);
        ChunkedAttention attention = new ChunkedAttention(ops, masks, scores.cap(), chunks, perGroup.value());
        Value stacked = stacked(ops, ops.mul(query, scores.scale()), groups);
        Value mixed = tape.custom(
                        List.of(stacked, keyValue.key(), keyValue.value()),
                        inputs -> List.of(attention.forward(inputs)),
                        attention::backward)
                .get(0);
        return perHead(ops, mixed, query);
    }

    /** {@code [rows, heads, length, head size] -> [rows, groups, length * heads of a group, head size]}. */
    private static Value stacked(Ops ops, Value x, Dim groups) {
        Dim perGroup = x.dim(1).dividedBy(groups);
        if (perGroup.isOne()) {
            return x;
        }
        Value grouped = ops.reshape(x, x.dim(0), groups, perGroup, x.dim(2), x.dim(3));
        Value turned = ops.transpose(grouped, 0, 1, 3, 2, 4); // [rows, groups, length, heads of a group, head size]
        return ops.reshape(turned, x.dim(0), groups, x.dim(2).times(perGroup), x.dim(3));
    }

    /** Back to the shape of {@code query}. */
    private static Value perHead(Ops ops, Value stacked, Value query) {
        Dim groups = stacked.dim(1);
        Dim perGroup = query.dim(1).dividedBy(groups);
        if (perGroup.isOne()) {
            return stacked;
        }
        Value grouped = ops.reshape(stacked, query.dim(0), groups, query.dim(2), perGroup, query.dim(3));
        Value turned = ops.transpose(grouped, 0, 1, 3, 2, 4); // [rows, groups, heads of a group, length, head size]
        return ops.reshape(turned, query.dim(0), query.dim(1), query.dim(2), query.dim(3));
    }

    /** One chunk of queries {@code [.., chunk, head size]}, the keys that they may see, and the mask between them. */
    private record Chunk(Value query, Value key, Value value, Value mask) {}

    private Chunk chunk(int index, List<Value> inputs) {
        return new Chunk(
                rows(inputs.get(0), index),
                ops.slice(inputs.get(1), ROW_AXIS, 0, chunks.to(index)),
                ops.slice(inputs.get(2), ROW_AXIS, 0, chunks.to(index)),
                masks.get(index));
    }

    /** A chunk's rows of {@code [rows, groups, length * heads of a group, ..]}. */
    private Value rows(Value stacked, int index) {
        QueryChunks.Range range = chunks.range(index).times(perGroup);
        return ops.slice(stacked, ROW_AXIS, range.from(), range.to());
    }

    /** {@code [rows, groups, chunk, seen]}. */
    private Value capped(Chunk chunk) {
        return cap.apply(ops, ops.matMul(chunk.query(), swapped(chunk.key())));
    }

    private Value weights(Chunk chunk, Value capped) {
        return ops.softmax(ops.add(capped, chunk.mask()));
    }

    private Value swapped(Value x) {
        return ops.transpose(x, 0, 1, 3, 2);
    }

    private Value forward(List<Value> inputs) {
        List<Value> mixed = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            Chunk chunk = chunk(i, inputs);
            mixed.add(ops.matMul(weights(chunk, capped(chunk)), chunk.value()));
        }
        return joined(mixed, inputs.get(0));
    }

    private Value joined(List<Value> parts, Value like) {
        return ops.graph().relabel(ops.concat(ROW_AXIS, parts.toArray(Value[]::new)), like.shape());
    }

    private List<Value> backward(List<Value> inputs, List<Value> outputs, List<Value> outputGradients) {
        Value gradient = outputGradients.get(0);
        Value along = ops.reduceSum(ops.mul(gradient, outputs.get(0)), -1); // [rows, groups, stacked length, 1]
        Value nothing = ops.zerosLike(inputs.get(1));
        List<Value> queries = new ArrayList<>();
        List<Value> keys = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            Chunk chunk = chunk(i, inputs);
            Value part = rows(gradient, i); // [rows, groups, chunk, head size]
            Value capped = capped(chunk);
            Value weights = weights(chunk, capped);
            Value weightGradient = ops.matMul(part, swapped(chunk.value())); // [rows, groups, chunk, seen]
            Value scoreGradient = ops.mul(weights, ops.sub(weightGradient, rows(along, i)));
            Value products = cap.gradient(ops, capped, scoreGradient);
            queries.add(ops.matMul(products, chunk.key()));
            keys.add(upToTheEnd(ops.matMul(swapped(products), chunk.query()), nothing, i));
            values.add(upToTheEnd(ops.matMul(swapped(weights), part), nothing, i));
        }
        return List.of(joined(queries, inputs.get(0)), sum(keys), sum(values));
    }

    /**
     * {@code [rows, groups, seen, head size] -> [rows, groups, length, head size]}; zeros of a chunk beyond the row's end,
     * which a product over no queries does not give on every device.
     */
    private Value upToTheEnd(Value seen, Value nothing, int index) {
        QueryChunks.Range range = chunks.range(index);
        Value unseen = ops.slice(nothing, ROW_AXIS, range.to(), Long.MAX_VALUE);
        boolean isLast = index == chunks.count() - 1;
        Value whole = ops.graph().relabel(isLast ? seen : ops.concat(ROW_AXIS, seen, unseen), nothing.shape());
        if (index == 0) {
            return whole;
        }
        Value begin = ops.constant(Tensor.int64s(range.from()));
        return ops.where(ops.greater(ops.dimension(nothing.dim(ROW_AXIS)), begin), whole, nothing);
    }

    private Value sum(List<Value> parts) {
        return parts.stream().reduce(ops::add).orElseThrow();
    }
}
