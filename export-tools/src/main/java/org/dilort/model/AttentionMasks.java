package org.dilort.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.dilort.onnx.Value;

/** The additive masks of one graph, one for each window that its layers have, each built once. */
public final class AttentionMasks {
    private final Function<Window, Value> builder;
    private final Map<Window, Value> built = new HashMap<>();

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
}
