package org.dilort.heads;

import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The functions that heads are made of, in forms that keep float precision in value and gradient. */
final class Numerics {
    /** Up to here e^x - 1 is made of tanh; beyond, subtracting 1 costs at most one bit. */
    private static final double EXPM1_NEAR = 0.5;

    /** A log-probability closer to 0 is taken for this one: float cannot tell a certain token from it. */
    private static final double CERTAIN = -1e-7;

    private Numerics() {}

    /**
     * log(1 + e^x) = max(x, 0) + log1p(e^-|x|): no digit is lost down to where e^x leaves float, which ONNX Runtime's
     * Softplus does below -17.
     */
    static Value softplus(Ops ops, Value x) {
        return ops.add(positivePart(ops, x), log1p(ops, ops.exp(ops.neg(ops.abs(x)))));
    }

    /** log((1 + e^x) / 2) without cancellation at 0. */
    static Value softplusOverTwo(Ops ops, Value x) {
        Value shrink = expm1Near(ops, ops.neg(ops.abs(x)), ops.exp(ops.neg(ops.abs(x))));
        return ops.add(positivePart(ops, x), log1p(ops, ops.mul(shrink, 0.5)));
    }

    /** 1 / (1 + e^-x) as e^-softplus(-x): ONNX Runtime's float Sigmoid is 0 below -18. */
    static Value sigmoid(Ops ops, Value x) {
        return ops.exp(ops.neg(softplus(ops, ops.neg(x))));
    }

    /** log(1 + x) = 2 atanh(x / (x + 2)), for x that is not far above 1. */
    static Value log1p(Ops ops, Value x) {
        return ops.mul(ops.atanh(ops.div(x, ops.add(x, 2))), 2);
    }

    /** log(1 - e^x) for x < 0: 1 - e^x = tanh(-x / 2) (1 + e^x). */
    static Value log1mexp(Ops ops, Value x) {
        Value uncertain = ops.min(x, ops.scalar(x, CERTAIN));
        return ops.add(ops.log(ops.tanh(ops.mul(uncertain, -0.5))), softplus(ops, uncertain));
    }

    /** max(x, 0), with derivative 0 at the kink. */
    static Value relu(Ops ops, Value x) {
        Value zero = ops.scalar(x, 0);
        return ops.where(ops.greater(x, zero), x, zero);
    }

    static Value square(Ops ops, Value x) {
        return ops.mul(x, x);
    }

    /**
     * e^x up to {@code cap}, then its tangent e^cap (1 + x - cap): continuously differentiable, and never without a
     * gradient that pulls a runaway pair back.
     */
    static Value expLin(Ops ops, Value x, Value cap) {
        Value tangent = ops.add(ops.max(ops.sub(x, cap), ops.scalar(x, 0)), 1);
        return ops.mul(ops.exp(ops.min(x, cap)), tangent);
    }

    /** e^x - 1 with {@link #expLin}'s tangent. */
    static Value expm1Lin(Ops ops, Value x, Value cap) {
        return expm1Near(ops, x, expLin(ops, x, cap));
    }

    /** {@code exp} - 1, near 0 as 2 t / (1 - t) with t = tanh(x / 2). */
    private static Value expm1Near(Ops ops, Value x, Value exp) {
        Value limit = ops.scalar(x, EXPM1_NEAR);
        Value near = ops.max(ops.min(x, limit), ops.neg(limit));
        Value t = ops.tanh(ops.mul(near, 0.5));
        Value precise = ops.div(ops.mul(t, 2), ops.sub(ops.scalar(t, 1), t));
        Value isNear = ops.lessOrEqual(ops.abs(x), ops.scalar(x, EXPM1_NEAR * 0.999));
        return ops.where(isNear, precise, ops.add(exp, -1));
    }

    /** The share rule of Max gives 1/2 at 0, as the other halves of the formulas above need it. */
    private static Value positivePart(Ops ops, Value x) {
        return ops.max(x, ops.scalar(x, 0));
    }
}
