package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;

/**
 * SimPER (arXiv 2502.00883): raises the inverse perplexity of the chosen response and lowers that of the rejected one,
 * without a reference and without a hyper-parameter.
 *
 * <p>loss = -e^p_w + e^p_l with p the average token's log-probability, so both terms lie between 0 and 1. Its rewards
 * are p.
 */
final class SimPer implements Head {

    @Override
    public String name() {
        return "simper";
    }

    @Override
    public String formula() {
        return "-exp(p_w) + exp(p_l), p of the average token";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of();
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
        Sides p = in.logps();
        return new HeadOutputs(ops.sub(ops.exp(p.rejected()), ops.exp(p.chosen())), p);
    }
}
