package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Efficient exact optimisation on pairs (arXiv 2402.00856, eq. 16): the reverse Kullback-Leibler divergence between the
 * policy's preference sigmoid(z) and the smoothed label 1 - e.
 *
 * <p>With z = f_w - f_l and s the sigmoid: loss = s(z) (log s(z) - log(1 - e)) + s(-z) (log s(-z) - log e).
 */
final class ExoPair implements Head {

    @Override
    public String name() {
        return "exo_pair";
    }

    @Override
    public String formula() {
        return "s(z) (log s(z) - log(1 - e)) + s(-z) (log s(-z) - log e), s the sigmoid, z = f_w - f_l";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.labelSmoothing(1e-3, 1e-6, 0.5));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value z = ops.sub(f.chosen(), f.rejected());
        Value smoothing = in.coefficient("label_smoothing");
        Value chosen = term(ops, z, Numerics.log1p(ops, ops.neg(smoothing)));
        return new HeadOutputs(ops.add(chosen, term(ops, ops.neg(z), ops.log(smoothing))), f);
    }

    /** s(z) (log s(z) - target). */
    private static Value term(Ops ops, Value z, Value target) {
        Value logSigmoid = ops.neg(Numerics.softplus(ops, ops.neg(z)));
        return ops.mul(ops.exp(logSigmoid), ops.sub(logSigmoid, target));
    }
}
