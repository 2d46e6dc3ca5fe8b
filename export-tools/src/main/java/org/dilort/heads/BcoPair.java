package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Binary classifier optimisation on pairs (arXiv 2404.04656) without a reward shift, as TRL has it today: {@link Bce}
 * with DPO's beta. {@link Bco} has the shift.
 *
 * <p>loss = -log sigmoid(f_w) - log sigmoid(-f_l).
 */
final class BcoPair implements Head {

    @Override
    public String name() {
        return "bco_pair";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w) - log sigmoid(-f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value chosen = Numerics.softplus(ops, ops.neg(f.chosen()));
        return new HeadOutputs(ops.add(chosen, Numerics.softplus(ops, f.rejected())), f);
    }
}
