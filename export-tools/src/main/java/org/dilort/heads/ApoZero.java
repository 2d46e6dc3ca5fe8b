package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Anchored preference optimisation, zero (arXiv 2408.06266, eq. 7): raises the chosen response and lowers the rejected
 * one, for data whose chosen responses are better than the policy's own.
 *
 * <p>loss = 1 - sigmoid(f_w) + sigmoid(f_l).
 */
final class ApoZero implements Head {

    @Override
    public String name() {
        return "apo_zero";
    }

    @Override
    public String formula() {
        return "sigmoid(-f_w) + sigmoid(f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value chosen = Numerics.sigmoid(ops, ops.neg(f.chosen()));
        return new HeadOutputs(ops.add(chosen, Numerics.sigmoid(ops, f.rejected())), f);
    }
}
