package org.dilort.heads;

import java.util.List;
import java.util.Set;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Binary classifier optimisation (arXiv 2404.04656) with its reward shift: delta is the mean over the steps so far,
 * this one included, of the step's mean reward of chosen and rejected responses; no gradient flows through it.
 *
 * <p>loss = -log sigmoid(f_w - delta) - log sigmoid(-(f_l - delta)). The state is delta and the number of steps.
 */
final class Bco implements Head {

    @Override
    public String name() {
        return "bco";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w - delta) - log sigmoid(-(f_l - delta)), delta the running mean of f";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public Scope scope() {
        return Scope.STEP;
    }

    @Override
    public Set<OptionalInput> optionalInputs() {
        return Set.of(OptionalInput.DETACHED_LOGPS, OptionalInput.STATE);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Sides detached = in.detachedRewards();
        Value mean = ops.reduceMean(ops.concat(1, detached.chosen(), detached.rejected()), 0, 1); // [1, 1]
        Value state = in.input("state");
        Value before = ops.slice(state, 0, 0, 1);
        Value steps = ops.add(ops.slice(state, 0, 1, 2), 1);
        Value delta = ops.add(before, ops.div(ops.sub(ops.squeeze(mean, 1), before), steps)); // [1]
        Value chosen = Numerics.softplus(ops, ops.sub(delta, f.chosen()));
        Value rejected = Numerics.softplus(ops, ops.sub(f.rejected(), delta));
        return new HeadOutputs(ops.add(chosen, rejected), f, List.of(ops.concat(0, delta, steps)));
    }
}
