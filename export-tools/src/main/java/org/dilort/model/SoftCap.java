package org.dilort.model;

import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * y = bound tanh(x / bound), which keeps scores or logits within the bound (Gemma 2, arXiv 2408.00118).
 *
 * @param bound infinity caps nothing
 */
public record SoftCap(double bound) {
    public static final SoftCap NONE = new SoftCap(Double.POSITIVE_INFINITY);

    public SoftCap {
        if (!(bound > 0)) {
            throw new IllegalArgumentException("soft cap " + bound + ", expected > 0");
        }
    }

    public Value apply(Ops ops, Value x) {
        return isNone() ? x : ops.mul(ops.tanh(ops.mul(x, 1 / bound)), bound);
    }

    /** The gradient of x from that of y: dx = dy (1 - (y / bound)²). */
    Value gradient(Ops ops, Value y, Value dy) {
        if (isNone()) {
            return dy;
        }
        Value ratio = ops.mul(y, 1 / bound);
        return ops.mul(dy, ops.sub(ops.scalar(y, 1), ops.mul(ratio, ratio)));
    }

    private boolean isNone() {
        return Double.isInfinite(bound);
    }
}
