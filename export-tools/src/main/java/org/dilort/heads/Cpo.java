package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Contrastive preference optimisation (arXiv 2401.08417): {@link Dpo} with a uniform reference, and the chosen
 * response's negative log-likelihood to keep the policy in place.
 *
 * <p>loss = -log sigmoid(beta (p_w - p_l)) + alpha NLL. {@code cpo} averages the NLL over tokens as TRL does,
 * {@code cpo_seq} over each response first.
 */
final class Cpo implements Head {
    private final LikelihoodTerm likelihood;

    Cpo(LikelihoodTerm likelihood) {
        this.likelihood = likelihood;
    }

    @Override
    public String name() {
        return "cpo" + likelihood.nameSuffix();
    }

    @Override
    public String formula() {
        return "-log sigmoid(beta (p_w - p_l)) + alpha " + likelihood.formula();
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.alpha());
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides reward = in.scaled(in.logps());
        Value preference = Numerics.softplus(ops, ops.sub(reward.rejected(), reward.chosen()));
        Value nll = ops.mul(likelihood.build(in), in.coefficient("alpha"));
        return new HeadOutputs(ops.add(preference, nll), reward);
    }
}
