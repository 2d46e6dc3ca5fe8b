package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * DiscoPOP (arXiv 2406.08414, eq. 5): a blend of the logistic and the exponential loss that a language model found.
 *
 * <p>With z = f_w - f_l and m = sigmoid(z / tau): loss = -(1 - m) log sigmoid(z) + m e^-z. The product m e^-z is one
 * exponential, e^(-z - softplus(-z / tau)), whose exponent is never above 0 for tau up to 1.
 */
final class DiscoPop implements Head {

    @Override
    public String name() {
        return "discopop";
    }

    @Override
    public String formula() {
        return "-(1 - m) log sigmoid(z) + m exp(-z), m = sigmoid(z / tau), z = f_w - f_l";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), new Coefficient("tau", 0.05, 1e-3, 1, "width of the blend"));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value z = ops.sub(f.chosen(), f.rejected());
        Value away = ops.neg(ops.div(z, in.coefficient("tau")));
        Value logistic = ops.mul(Numerics.softplus(ops, ops.neg(z)), Numerics.sigmoid(ops, away));
        Value exponential = ops.exp(ops.neg(ops.add(z, Numerics.softplus(ops, away))));
        return new HeadOutputs(ops.add(logistic, exponential), f);
    }
}
