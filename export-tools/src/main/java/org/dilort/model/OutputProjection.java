package org.dilort.model;

import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * From hidden states to logits.
 *
 * @param weight {@code [vocabulary, hidden]}
 */
public record OutputProjection(Value weight, SoftCap cap) {

    /** {@code [tokens, hidden] -> [tokens, vocabulary]}. */
    public Value logits(Ops ops, Value hidden) {
        return cap.apply(ops, ops.linear(hidden, weight));
    }
}
