package org.dilort.heads;

import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The functions that heads are made of, in forms that keep float precision in value and gradient. */
final class Numerics {
    private Numerics() {}

    /**
     * log(1 + e^x) = max(x, 0) + log1p(u) with u = e^-|x|, and log1p(u) = 2 atanh(u / (u + 2)): no digit is lost down
     * to where e^x leaves float, which ONNX Runtime's Softplus does below -17.
     */
    static Value softplus(Ops ops, Value x) {
        Value u = ops.exp(ops.neg(ops.abs(x)));
        Value log1p = ops.mul(ops.atanh(ops.div(u, ops.add(u, 2))), 2);
        return ops.add(ops.max(x, ops.scalar(x, 0)), log1p);
    }

    /**
     * e^x up to {@code cap}, then its tangent e^cap (1 + x - cap): continuously differentiable, and never without a
     * gradient that pulls a runaway pair back.
     */
    static Value expLin(Ops ops, Value x, Value cap) {
        Value tangent = ops.add(ops.max(ops.sub(x, cap), ops.scalar(x, 0)), 1);
        return ops.mul(ops.exp(ops.min(x, cap)), tangent);
    }
}
