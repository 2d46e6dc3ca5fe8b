package org.dilort.lora;

import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.DType;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** A product with a weight that has no gradient; forward and backward each make the weight's numbers for themselves. */
record FrozenLinear(Tape tape, DType compute, FrozenWeights.Weight weight, LinearLayer layer) {

    /** x Wᵀ, {@code [tokens, in] -> [tokens, out]}; dx = dy W. */
    Value product(Value x) {
        return tape.custom(
                        List.of(x),
                        inputs -> List.of(times(inputs.get(0))),
                        (inputs, gradients) -> List.of(timesTransposed(gradients.get(0))))
                .get(0);
    }

    private Value times(Value x) {
        Ops ops = tape.ops();
        Value w = weight.useFor(ops, compute, x);
        return layer.layout() == Layout.OUT_IN ? ops.linear(x, w) : ops.product(x, w);
    }

    private Value timesTransposed(Value dy) {
        Ops ops = tape.ops();
        Value w = weight.useFor(ops, compute, dy);
        return layer.layout() == Layout.OUT_IN ? ops.product(dy, w) : ops.linear(dy, w);
    }

    /**
     * ‖W + s B A‖² of each output, {@code [out, 1]}, without the sum of the matrices:
     * ‖W‖² + 2 s (W Aᵀ) · B + s² (B A Aᵀ) · B, dots row by row.
     */
    Value squaredNorms(Value a, Value b, double scale) {
        Ops ops = tape.ops();
        Value w = weight.use(ops, compute);
        boolean outFirst = layer.layout() == Layout.OUT_IN;
        Value own = outFirst ? ops.sumSquares(w, 1) : ops.transpose(ops.sumSquares(w, 0), 1, 0); // [out, 1]
        Value seen = outFirst ? ops.linear(w, a) : ops.transposedProduct(w, ops.transpose(a, 1, 0)); // [out, r]
        Value cross = ops.reduceSum(ops.mul(seen, b), 1);
        Value square = ops.reduceSum(ops.mul(ops.product(b, ops.linear(a, a)), b), 1);
        return ops.sum(own, ops.mul(cross, 2 * scale), ops.mul(square, scale * scale));
    }
}
