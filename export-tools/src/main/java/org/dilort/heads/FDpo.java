package org.dilort.heads;

import java.util.ArrayList;
import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * f-DPO (arXiv 2309.16240): {@link Dpo} with another divergence to the reference.
 *
 * <p>loss = -log sigmoid(beta (h(q_w) - h(q_l))). The partition function cancels only in the difference, so the
 * divergences belong to losses of the difference. Forward KL and alpha have exponentials of the log-ratio, which the
 * cap is for.
 */
final class FDpo implements Head {
    private final FDivergence divergence;

    FDpo(FDivergence divergence) {
        this.divergence = divergence;
    }

    @Override
    public String name() {
        return divergence.headName();
    }

    @Override
    public String formula() {
        return "-log sigmoid(beta (h(q_w) - h(q_l))), h(q) = " + divergence.formula();
    }

    @Override
    public List<Coefficient> coefficients() {
        List<Coefficient> all = new ArrayList<>(divergence.coefficients());
        all.add(Coefficient.beta(0.1));
        return List.copyOf(all);
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides ratio = in.logRatios();
        Sides score = in.scaled(ratio.map(side -> divergence.score(in, side)));
        Value losses = Numerics.softplus(ops, ops.sub(score.rejected(), score.chosen()));
        return new HeadOutputs(losses, in.scaled(ratio));
    }
}
