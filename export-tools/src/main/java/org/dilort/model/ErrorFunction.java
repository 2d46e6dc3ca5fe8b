package org.dilort.model;

import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * erf(x) = 2 / sqrt(pi) x ∫ exp(-(x t)²) dt over t from 0 to 1, for the types that ONNX Runtime has no Erf for.
 *
 * <p>The integral is a sum over the nodes of Gauss and Legendre's rule: within 1e-15 for the |x| of at most 6 that are
 * used. Beyond, erf is 1 in double.
 */
final class ErrorFunction {
    private static final int NODES = 40;
    private static final double FLAT = 6;

    private ErrorFunction() {}

    static Value of(Ops ops, Value x) {
        double[] nodes = new double[NODES];
        double[] weights = new double[NODES];
        gaussLegendre(nodes, weights);
        Value clamped = ops.max(ops.min(x, ops.scalar(x, FLAT)), ops.scalar(x, -FLAT));
        Value scaled = ops.mul(ops.unsqueeze(clamped, x.rank()), vector(ops, x.dtype(), nodes)); // [.., nodes]
        Value heights = ops.exp(ops.neg(ops.mul(scaled, scaled)));
        Value sum = ops.reduceSum(ops.mul(heights, vector(ops, x.dtype(), weights)), -1); // [.., 1]
        return ops.mul(ops.mul(clamped, ops.squeeze(sum, x.rank())), 2 / Math.sqrt(Math.PI));
    }

    private static Value vector(Ops ops, DType dtype, double[] values) {
        return ops.constant(Tensor.of(dtype, Shape.of(values.length), values));
    }

    /** Nodes and weights of the interval from 0 to 1; the nodes are the zeros of Legendre's polynomial, by Newton's method. */
    private static void gaussLegendre(double[] nodes, double[] weights) {
        int count = nodes.length;
        for (int i = 0; i < count; i++) {
            double z = Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double slope = 0;
            for (int step = 0; step < 8; step++) {
                double last = 1;
                double value = z;
                for (int degree = 2; degree <= count; degree++) {
                    double next = ((2 * degree - 1) * z * value - (degree - 1) * last) / degree;
                    last = value;
                    value = next;
                }
                slope = count * (z * value - last) / (z * z - 1);
                z -= value / slope;
            }
            nodes[i] = (1 + z) / 2;
            weights[i] = 1 / ((1 - z * z) * slope * slope);
        }
    }
}
