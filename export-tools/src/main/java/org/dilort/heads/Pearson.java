package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Pearson's chi-square: the Bregman divergence of h(r) = (r - 1)², twice {@link Lsif}.
 */
final class Pearson implements BregmanHead {

    @Override
    public String name() {
        return "pearson";
    }

    @Override
    public String formula() {
        return "-2 exp(f_w) + exp(2 f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.ops().mul(in.exp(f), -2);
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return in.exp(in.ops().mul(f, 2));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 2 * Math.exp(f);
    }
}
