package org.dilort.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The additive masks of one graph, one for each window that its layers have, each built and cut once. */
public final class AttentionMasks {
    private final Function<Window, Value> builder;
    private final Map<Window, Value> built = new HashMap<>();
    private final Map<Window, List<Value>> cut = new HashMap<>();

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

    /** Between the queries of each chunk and the keys up to its end, {@code [rows, 1, 1, chunk, seen]}. */
    public List<Value> of(Ops ops, Window window, QueryChunks chunks) {
        List<Value> parts = cut.get(window);
        if (parts == null) {
            parts = cut(ops, of(window), chunks);
            cut.put(window, parts);
        }
        return parts;
    }

    private static List<Value> cut(Ops ops, Value mask, QueryChunks chunks) {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < chunks.count(); i++) {
            Value queries = ops.slice(mask, 3, chunks.from(i), chunks.to(i)); // [rows, 1, 1, chunk, length]
            parts.add(ops.slice(queries, 4, 0, chunks.to(i)));
        }
        return List.copyOf(parts);
    }
}
