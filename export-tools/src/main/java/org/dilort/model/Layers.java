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

    /** x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x³))) / 2, GELU as Gemma has it (arXiv 1606.08415). */
    public static Value geluTanh(Ops ops, Value x) {
        double k = Math.sqrt(2 / Math.PI);
        Value u = ops.mul(x, ops.add(ops.mul(ops.mul(x, x), 0.044715 * k), k));
        return ops.mul(ops.mul(x, ops.add(ops.tanh(u), 1)), 0.5);
    }
}
