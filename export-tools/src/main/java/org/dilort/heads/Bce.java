package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Binary cross-entropy: the Bregman divergence of h(r) = r ln r - (1 + r) ln(1 + r), that is, logistic regression of
 * chosen against rejected with logit f (DIL, arXiv 2503.05079).
 *
 * <p>loss = -log sigmoid(f_w) - log sigmoid(-f_l). It saturates on both sides, so no exponent needs a cap. beta 1 is
 * the paper's.
 */
final class Bce implements Head {

    @Override
    public String name() {
        return "bce";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w) - log sigmoid(-f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1));
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
        Value chosen = in.chosenLogRatio();
        Value rejected = in.rejectedLogRatio();
        Value losses = ops.add(Numerics.softplus(ops, ops.neg(chosen)), Numerics.softplus(ops, rejected));
        return new HeadOutputs(losses, chosen, rejected);
    }
}
