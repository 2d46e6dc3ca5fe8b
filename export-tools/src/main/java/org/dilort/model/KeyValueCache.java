package org.dilort.model;

import org.dilort.onnx.Value;

/** Puts the keys and values of earlier tokens in front of a layer's new ones. */
public interface KeyValueCache {

    /** A forward pass over whole sequences: nothing came earlier. */
    KeyValueCache NONE = (layer, key, value) -> new KeyValue(key, value);

    /** Takes and gives {@code [rows, key-value heads, tokens, head size]}. */
    KeyValue extend(int layer, Value key, Value value);

    record KeyValue(Value key, Value value) {}
}
