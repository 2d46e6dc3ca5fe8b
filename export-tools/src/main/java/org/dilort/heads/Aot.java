package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Alignment via optimal transport on pairs (arXiv 2406.05882): the distribution of the policy's margins over the step
 * is to dominate the reference's, quantile by quantile.
 *
 * <p>With d_i = sort(p_w - p_l)_i - sort(ref_w - ref_l)_i over the step's pairs: loss_i = {@link Dpo}'s of beta d_i, so
 * loss i is the i-th quantile's and no pair's own.
 */
final class Aot implements Head {

    @Override
    public String name() {
        return "aot";
    }

    @Override
    public String formula() {
        return "-(1 - e) log sigmoid(beta d) - e log sigmoid(-beta d), d = sort(p_w - p_l) - sort(ref_w - ref_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.labelSmoothing(0, 0, 0.5));
    }

    @Override
    public Scope scope() {
        return Scope.STEP;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides p = in.logps();
        Sides ref = in.referenceLogps();
        Value policy = ops.sortAscending(ops.sub(p.chosen(), p.rejected()), 0);
        Value reference = ops.sortAscending(ops.sub(ref.chosen(), ref.rejected()), 0);
        Value z = ops.mul(ops.sub(policy, reference), in.coefficient("beta"));
        return new HeadOutputs(Dpo.logistic(in, z), in.rewards());
    }
}
