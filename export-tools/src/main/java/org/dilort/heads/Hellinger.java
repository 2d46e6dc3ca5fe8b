package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Squared Hellinger distance: the Bregman divergence of h(r) = (sqrt r - 1)², the exponential loss of boosting with
 * logit f.
 *
 * <p>loss = e^(-f_w / 2) + e^(f_l / 2).
 */
final class Hellinger implements BregmanHead {

    @Override
    public String name() {
        return "hellinger";
    }

    @Override
    public String formula() {
        return "exp(-f_w / 2) + exp(f_l / 2)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.exp(in.ops().mul(f, -0.5));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return in.exp(in.ops().mul(f, 0.5));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 0.5 * Math.exp(-f / 2);
    }
}
