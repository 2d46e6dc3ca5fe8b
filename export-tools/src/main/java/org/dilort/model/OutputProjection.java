package org.dilort.model;

import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * From hidden states to logits.
 *
 * @param weight {@code [vocabulary, hidden]}, or {@code [hidden, vocabulary]}
 * @param layout which of the two, out being the vocabulary
 */
public record OutputProjection(Value weight, Layout layout, SoftCap cap) {

    public OutputProjection(Value weight, SoftCap cap) {
        this(weight, Layout.OUT_IN, cap);
    }

    OutputProjection with(Value otherWeight) {
        return new OutputProjection(otherWeight, layout, cap);
    }

    /** {@code [tokens, hidden] -> [tokens, vocabulary]}. */
    public Value logits(Ops ops, Value hidden) {
        return cap.apply(ops, layout == Layout.OUT_IN ? ops.linear(hidden, weight) : ops.product(hidden, weight));
    }

    /** d hidden {@code [tokens, hidden]} from that of the logits before the cap. */
    Value hiddenGradient(Ops ops, Value dy) {
        return layout == Layout.OUT_IN ? ops.matMul(dy, weight) : ops.linear(dy, weight);
    }

    /** d weight, in its layout. */
    Value weightGradient(Ops ops, Value dy, Value hidden) {
        return layout == Layout.OUT_IN ? ops.transposedProduct(dy, hidden) : ops.transposedProduct(hidden, dy);
    }
}
