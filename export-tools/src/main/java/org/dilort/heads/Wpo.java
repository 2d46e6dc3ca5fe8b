package org.dilort.heads;

import java.util.List;
import java.util.Set;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Weighted preference optimisation (arXiv 2406.11827, eq. 2): {@link Dpo} with each pair weighted by how likely the
 * policy itself would be to write its responses, so that off-policy data resembles on-policy data.
 *
 * <p>loss = -w log sigmoid(f_w - f_l) with w = e^(a_w + a_l) and a the mean over tokens of log p(token) - log sum_v
 * p(v)²; no gradient flows through w.
 */
final class Wpo implements Head {

    @Override
    public String name() {
        return "wpo";
    }

    @Override
    public String formula() {
        return "-w log sigmoid(f_w - f_l), w = exp of the mean aligned log-probabilities of both responses";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return Set.of(OptionalInput.DETACHED_LOGPS, OptionalInput.COLLISION_LOGPS);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value aligned = ops.sub(in.input("detached_logps"), in.input("collision_logps"));
        Sides mean = in.perToken(in.columns(aligned));
        Value weight = ops.exp(ops.add(mean.chosen(), mean.rejected()));
        Value preference = Numerics.softplus(ops, ops.sub(f.rejected(), f.chosen()));
        return new HeadOutputs(ops.mul(weight, preference), f);
    }
}
