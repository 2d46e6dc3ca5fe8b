package org.dilort.heads;

import java.util.List;
import java.util.Set;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Kahneman-Tversky optimisation on pairs (arXiv 2402.01306), as TRL's pair trainer had it: each response against the
 * other side's mean reward k, the estimate of the divergence to the reference from mismatched responses.
 *
 * <p>loss = (1 - sigmoid(f_w - k_l)) / 2 + (1 - sigmoid(k_w - f_l)) / 2. {@code kto_pair} lets the gradient flow
 * through k as that trainer did, {@code kto_pair_detached} does not, as in the paper, {@code kto_zero} has k = 0.
 */
final class KtoPair implements Head {
    private final KtoShift shift;

    KtoPair(KtoShift shift) {
        this.shift = shift;
    }

    @Override
    public String name() {
        return shift.headName();
    }

    @Override
    public String formula() {
        return "sigmoid(k_l - f_w) / 2 + sigmoid(f_l - k_w) / 2, k = " + shift.formula();
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public Scope scope() {
        return shift.scope();
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return shift.optionalInputs();
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Sides k = shift.build(in, f);
        Value chosen = Numerics.sigmoid(ops, ops.sub(k.rejected(), f.chosen()));
        Value rejected = Numerics.sigmoid(ops, ops.sub(f.rejected(), k.chosen()));
        return new HeadOutputs(ops.mul(ops.add(chosen, rejected), 0.5), f);
    }
}
