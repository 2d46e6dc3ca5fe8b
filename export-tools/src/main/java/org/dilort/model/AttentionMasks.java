package org.dilort.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/** The additive masks of one graph, one for each window that its layers have, each built and cut once. */
public final class AttentionMasks {
    private final Function<Window, Value> builder;
    private final Map<Window, Value> built = new HashMap<>();
    private final Map<Cut, List<Value>> cut = new HashMap<>();

    private record Cut(Window window, long perGroup) {}

    /** @param builder gives {@code [rows, 1, 1, length, total]}; 0 = seen, a large negative number = not */
    public AttentionMasks(Function<Window, Value> builder) {
        this.builder = builder;
    }

    public Value of(Window window) {
        Value mask = built.get(window);
        if (mask == null) {
            mask = builder.apply(window);
            built.put(window, mask);
        }
        return mask;
    }

    /**
     * Between the queries of each chunk, those of a group's heads beside each other, and the keys up to the chunk's end:
     * {@code [rows, 1, chunk * heads of a group, seen]}; the mask itself where there is one chunk.
     */
    public List<Value> of(Ops ops, Window window, QueryChunks chunks, long perGroup) {
        if (chunks.isWhole()) {
            return List.of(of(window));
        }
        Cut key = new Cut(window, perGroup);
        List<Value> parts = cut.get(key);
        if (parts == null) {
            parts = cut(ops, stacked(ops, of(window), perGroup), chunks, perGroup);
            cut.put(key, parts);
        }
        return parts;
    }

    /** {@code [rows, 1, 1, length, total] -> [rows, 1, length * heads of a group, total]}. */
    private static Value stacked(Ops ops, Value mask, long perGroup) {
        Value perToken = ops.unsqueeze(ops.squeeze(mask, 2), 3); // [rows, 1, length, 1, total]
        Dim heads = Dim.of(perGroup);
        Shape spread = perToken.shape().with(3, heads);
        return ops.reshape(
                ops.expand(perToken, spread), mask.dim(0), Dim.ONE, mask.dim(3).times(heads), mask.dim(4));
    }

    private static List<Value> cut(Ops ops, Value mask, QueryChunks chunks, long perGroup) {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            QueryChunks.Range range = chunks.range(i).times(perGroup);
            Value queries = ops.slice(mask, 2, range.from(), range.to());
            parts.add(ops.slice(queries, 3, 0, chunks.to(i)));
        }
        return List.copyOf(parts);
    }
}
