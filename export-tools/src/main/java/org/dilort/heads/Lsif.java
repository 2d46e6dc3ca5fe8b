package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Least-squares importance fitting: the Bregman divergence of h(r) = (r - 1)² / 2 between the density ratio of chosen
 * to reference and exp(f) (DIL, arXiv 2503.05079; Kanamori et al. 2009).
 *
 * <p>loss = -e^f_w + e^(2 f_l) / 2. The chosen pull e^f_w fades for a response that fell below the reference; the
 * rejected push e^(2 f_l) switches itself off once the response is unlikely. beta 1 is the paper's.
 */
final class Lsif implements Head {

    @Override
    public String name() {
        return "lsif";
    }

    @Override
    public String formula() {
        return "-exp(f_w) + exp(2 f_l) / 2";
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
        Value cap = in.coefficient("exp_cap");
        Value chosen = in.chosenLogRatio();
        Value rejected = in.rejectedLogRatio();
        Value pull = Numerics.expLin(ops, chosen, cap);
        Value push = ops.mul(Numerics.expLin(ops, ops.mul(rejected, 2), cap), 0.5);
        return new HeadOutputs(ops.sub(push, pull), chosen, rejected);
    }
}
