package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Unnormalised Kullback-Leibler: the Bregman divergence of h(r) = r ln r - r (DIL, arXiv 2503.05079; KLIEP without its
 * constraint, Sugiyama et al. 2008).
 *
 * <p>loss = -f_w + e^f_l: the plain likelihood gradient on the chosen response and a bounded-below penalty on the
 * rejected one. beta 1 is the paper's. The authors' code leaves the reference out of f_w, which shifts the loss by a
 * constant and changes no gradient.
 */
final class Ukl implements Head {

    @Override
    public String name() {
        return "ukl";
    }

    @Override
    public String formula() {
        return "-f_w + exp(f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.expCap());
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
        Value push = Numerics.expLin(ops, rejected, in.coefficient("exp_cap"));
        return new HeadOutputs(ops.sub(push, chosen), chosen, rejected);
    }
}
