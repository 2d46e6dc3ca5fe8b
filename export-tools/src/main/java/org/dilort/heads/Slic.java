package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Sequence likelihood calibration from human feedback (arXiv 2305.10425): the policy's own log-probabilities, without a
 * reference, with a likelihood term that keeps the policy in place.
 *
 * <p>loss = max(0, delta - (p_w - p_l)) - lambda p_w. Its rewards are the log-probabilities.
 */
final class Slic implements Head {

    @Override
    public String name() {
        return "slic";
    }

    @Override
    public String formula() {
        return "max(0, delta - (p_w - p_l)) - lambda p_w";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(
                new Coefficient("delta", 1, 0, 1e6, "margin"),
                new Coefficient("lambda", 1, 0, 1e6, "weight of the chosen response's log-likelihood"));
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides p = in.logps();
        Value margin = ops.sub(in.coefficient("delta"), ops.sub(p.chosen(), p.rejected()));
        Value likelihood = ops.mul(p.chosen(), in.coefficient("lambda"));
        return new HeadOutputs(ops.sub(Numerics.relu(ops, margin), likelihood), p);
    }
}
