package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Noise contrastive alignment for a pair (arXiv 2402.05369): each response against the pair's mixture, which keeps the
 * chosen response's absolute likelihood from falling.
 *
 * <p>loss = -log sigmoid(f_w) - log sigmoid(-f_w) / 2 - log sigmoid(-f_l) / 2: the mixture variant of {@link Bce}.
 */
final class NcaPair implements Head {

    @Override
    public String name() {
        return "nca_pair";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w) - log sigmoid(-f_w) / 2 - log sigmoid(-f_l) / 2";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(0.1));
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        Ops ops = in.ops();
        Sides f = in.rewards();
        Value chosen = Numerics.softplus(ops, ops.neg(f.chosen()));
        Value noise = ops.add(Numerics.softplus(ops, f.chosen()), Numerics.softplus(ops, f.rejected()));
        return new HeadOutputs(ops.add(chosen, ops.mul(noise, 0.5)), f);
    }
}
