package org.dilort.autodiff;

import java.util.Map;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** Gradients of matrix products. */
final class ProductRules {
    private ProductRules() {}

    static void addTo(Map<String, Rule> table) {
        table.put("MatMul", ProductRules::matMul);
        table.put("Gemm", ProductRules::gemm);
    }

    /** dA = dY Bᵀ, dB = Aᵀ dY, for every matrix of the batch. */
    private static void matMul(Backward b) {
        Ops ops = b.ops();
        b.to(0, () -> ops.matMul(b.dy(), swapLast(ops, b.in(1))))
                .to(1, () -> ops.matMul(swapLast(ops, b.in(0)), b.dy()));
    }

    private static Value swapLast(Ops ops, Value x) {
        long[] perm = new long[x.rank()];
        for (int i = 0; i < perm.length; i++) {
            perm[i] = i;
        }
        perm[x.rank() - 1] = x.rank() - 2L;
        perm[x.rank() - 2] = x.rank() - 1L;
        return ops.transpose(x, perm);
    }

    /** Y = A Bᵀ or A B, without scaling: the two layouts that graphs here use. */
    private static void gemm(Backward b) {
        Ops ops = b.ops();
        boolean unscaled = b.node().number("alpha", 1) == 1 && b.node().number("beta", 1) == 1;
        if (!unscaled || b.node().integer("transA", 0) == 1) {
            throw new org.dilort.error.UnsupportedOperatorException(
                    "no gradient rule for Gemm with transA, alpha or beta in " + b.node());
        }
        boolean transposed = b.node().integer("transB", 0) == 1;
        b.to(0, () -> transposed ? ops.matMul(b.dy(), b.in(1)) : ops.linear(b.dy(), b.in(1)));
        b.to(1, () -> transposed ? ops.transposedProduct(b.dy(), b.in(0)) : ops.transposedProduct(b.in(0), b.dy()));
        if (b.node().inputs().size() == 3) {
            b.to(2, b::dy);
        }
    }
}
