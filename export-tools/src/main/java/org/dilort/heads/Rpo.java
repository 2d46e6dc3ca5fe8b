package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Iterative reasoning preference optimisation (arXiv 2404.19733): {@link Dpo} anchored by the chosen response's
 * negative log-likelihood, which {@link Dpo} alone lets grow.
 *
 * <p>loss = -log sigmoid(f_w - f_l) + alpha NLL. {@code rpo} averages the NLL over tokens as TRL does, {@code rpo_seq}
 * over each response first, as the paper does.
 */
final class Rpo implements Head {
    private final LikelihoodTerm likelihood;

    Rpo(LikelihoodTerm likelihood) {
        this.likelihood = likelihood;
    }

    @Override
    public String name() {
        return "rpo" + likelihood.nameSuffix();
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w - f_l) + alpha " + likelihood.formula();
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1), Coefficient.alpha());
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value preference = Numerics.softplus(ops, ops.sub(f.rejected(), f.chosen()));
        Value nll = ops.mul(likelihood.build(in), in.coefficient("alpha"));
        return new HeadOutputs(ops.add(preference, nll), f);
    }
}
