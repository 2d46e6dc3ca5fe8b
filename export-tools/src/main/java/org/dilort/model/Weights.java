package org.dilort.model;

import java.util.HashMap;
import java.util.Map;
import org.dilort.onnx.Value;

/** The weights of one graph, by their names in the checkpoint, in the model's compute type. */
public final class Weights {
    private final Map<String, Value> values;

    public Weights(Map<String, Value> values) {
        this.values = new HashMap<>(values);
    }

    public Value get(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no weight " + name + " in this graph");
        }
        return value;
    }
}
