package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** Layers that ONNX Runtime has fused float kernels for; other types get the same in ONNX's own operators. */
public final class Layers {
    private Layers() {}

    /** x / sqrt(mean(x²) + epsilon) * scale over the last axis (arXiv 1910.07467). */
    public static Value rmsNorm(Ops ops, Value x, Value scale, double epsilon) {
        return x.dtype() == DType.FLOAT
                ? ops.rmsNorm(x, scale, epsilon).output()
                : rmsNormPlain(ops, x, scale, epsilon);
    }

    static Value rmsNormPlain(Ops ops, Value x, Value scale, double epsilon) {
        Value meanSquare = ops.reduceMean(ops.mul(x, x), -1);
        Value inverse = ops.reciprocal(ops.sqrt(ops.add(meanSquare, epsilon)));
        return ops.mul(ops.mul(x, inverse), scale);
    }

    /** x sigmoid(x). */
    public static Value silu(Ops ops, Value x) {
        return x.dtype() == DType.FLOAT ? ops.quickGelu(x, 1) : siluPlain(ops, x);
    }

    static Value siluPlain(Ops ops, Value x) {
        return ops.mul(x, ops.sigmoid(x));
    }

    /**
     * (x - mean) / sqrt(variance + epsilon) * scale + offset over the last axis (arXiv 1607.06450).
     *
     * <p>ONNX Runtime's fused kernel is the slower one on a CPU, and takes the variance as a difference of means.
     */
    public static Value layerNorm(Ops ops, Value x, Value scale, Value offset, double epsilon) {
        Value centred = ops.sub(x, ops.reduceMean(x, -1));
        Value variance = ops.reduceMean(ops.mul(centred, centred), -1);
        Value inverse = ops.reciprocal(ops.sqrt(ops.add(variance, epsilon)));
        return ops.add(ops.mul(ops.mul(centred, inverse), scale), offset);
    }

    /** x (1 + erf(x / sqrt 2)) / 2 (arXiv 1606.08415). */
    public static Value gelu(Ops ops, Value x) {
        return x.dtype() == DType.FLOAT ? ops.gelu(x) : geluPlain(ops, x);
    }

    static Value geluPlain(Ops ops, Value x) {
        Value scaled = ops.mul(x, Math.sqrt(0.5));
        Value erf = x.dtype() == DType.FLOAT ? ops.erf(scaled) : ErrorFunction.of(ops, scaled);
        return ops.mul(ops.mul(x, ops.add(erf, 1)), 0.5);
    }

    /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) / 2, GELU as GPT-2 and Gemma have it. */
    public static Value geluTanh(Ops ops, Value x) {
        return x.dtype() == DType.FLOAT ? ops.fastGelu(x) : geluTanhPlain(ops, x);
    }

    static Value geluTanhPlain(Ops ops, Value x) {
        double k = Math.sqrt(2 / Math.PI);
        Value u = ops.mul(x, ops.add(ops.mul(ops.mul(x, x), 0.044715 * k), k));
        return ops.mul(ops.mul(x, ops.add(ops.tanh(u), 1)), 0.5);
    }
}
