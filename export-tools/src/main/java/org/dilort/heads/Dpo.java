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
        return List.of(
                Coefficient.beta(0.1), new Coefficient("label_smoothing", 0, 0, 0.5, "share of swapped labels, e"));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.SUM, Reduction.MEAN);
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    @Override
    public boolean needsRejected() {
        return true;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Value smoothing = in.coefficient("label_smoothing");
        Value chosen = in.chosenLogRatio();
        Value rejected = in.rejectedLogRatio();
        Value difference = ops.sub(chosen, rejected);
        Value right =
                ops.mul(Numerics.softplus(ops, ops.neg(difference)), ops.sub(ops.scalar(smoothing, 1), smoothing));
        Value swapped = ops.mul(Numerics.softplus(ops, difference), smoothing);
        return new HeadOutputs(ops.add(right, swapped), chosen, rejected);
    }
}
