package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Binary cross-entropy: the Bregman divergence of h(r) = r ln r - (1 + r) ln(1 + r), that is, logistic regression of
 * chosen against rejected with logit f (DIL, arXiv 2503.05079).
 *
 * <p>loss = -log sigmoid(f_w) - log sigmoid(-f_l). It saturates on both sides, so no exponent needs a cap. beta 1 is
 * the paper's.
 */
final class Bce implements BregmanHead {

    @Override
    public String name() {
        return "bce";
    }

    @Override
    public String formula() {
        return "-log sigmoid(f_w) - log sigmoid(-f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return Numerics.softplus(in.ops(), in.ops().neg(f));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return Numerics.softplus(in.ops(), f);
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 1 / (1 + Math.exp(f));
    }
}
