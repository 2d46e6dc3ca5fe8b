package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;

/**
 * Length-normalised DPO (arXiv 2411.15124): {@link Dpo} on the log-ratio of a response's average token, so that long
 * responses get no larger gradient than short ones.
 *
 * <p>loss = -log sigmoid(f_w - f_l).
 */
final class SigmoidNorm implements Head {

    @Override
    public String name() {
        return "sigmoid_norm";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w - f_l), f of the average token";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.MEAN);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        return new HeadOutputs(Numerics.softplus(ops, ops.sub(f.rejected(), f.chosen())), f);
    }
}
