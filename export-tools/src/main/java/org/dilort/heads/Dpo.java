package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Direct preference optimisation (arXiv 2305.18290), which is DIL's contrastive predictive coding with one negative
 * (arXiv 2503.05079).
 *
 * <p>loss = -(1 - e) log sigmoid(f_w - f_l) - e log sigmoid(f_l - f_w), with e = label_smoothing, the share of labels
 * that are taken to be swapped (conservative DPO). beta is 0.1 by custom, 0.01 to 0.5 in use.
 */
final class Dpo implements Head {

    @Override
    public String name() {
        return "dpo";
    }

    @Override
    public String formula() {
        return "-(1 - e) log sigmoid(f_w - f_l) - e log sigmoid(f_l - f_w)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.labelSmoothing(0, 0, 0.5));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Sides f = in.rewards();
        Value losses = logistic(in, in.ops().sub(f.chosen(), f.rejected()));
        return new HeadOutputs(losses, f);
    }

    /** -(1 - e) log sigmoid(z) - e log sigmoid(-z). */
    static Value logistic(HeadInputs in, Value z) {
        Ops ops = in.ops();
        Value smoothing = in.coefficient("label_smoothing");
        Value right = ops.mul(Numerics.softplus(ops, ops.neg(z)), ops.sub(ops.scalar(smoothing, 1), smoothing));
        Value swapped = ops.mul(Numerics.softplus(ops, z), smoothing);
        return ops.add(right, swapped);
    }
}
