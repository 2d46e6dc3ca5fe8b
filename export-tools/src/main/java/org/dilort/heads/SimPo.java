package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Simple preference optimisation (arXiv 2405.14734): the reward is the average token's log-probability, without a
 * reference.
 *
 * <p>loss = -log sigmoid(beta p_w - beta p_l - gamma). gamma is subtracted as it is; the authors' gamma/beta ratio is
 * gamma divided by beta. beta 2 to 10 in use.
 */
final class SimPo implements Head {

    @Override
    public String name() {
        return "simpo";
    }

    @Override
    public String formula() {
        return "-log sigmoid(beta (p_w - p_l) - gamma), p of the average token";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(2), new Coefficient("gamma", 1, 0, 1e6, "margin of the rewards"));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.MEAN);
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides reward = in.scaled(in.logps());
        Value margin = ops.sub(ops.sub(reward.chosen(), reward.rejected()), in.coefficient("gamma"));
        return new HeadOutputs(Numerics.softplus(ops, ops.neg(margin)), reward);
    }
}
