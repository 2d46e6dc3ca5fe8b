package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Jeffreys' divergence: the Bregman divergence of h(r) = (r - 1) ln r, the sum of {@link Ukl} and {@link ItakuraSaito}.
 *
 * <p>loss = -f_w + e^-f_w + f_l + e^f_l.
 */
final class Jeffreys implements BregmanHead {

    @Override
    public String name() {
        return "jeffreys";
    }

    @Override
    public String formula() {
        return "-f_w + exp(-f_w) + f_l + exp(f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.ops().sub(in.exp(in.ops().neg(f)), f);
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return in.ops().add(f, in.exp(f));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 1 + Math.exp(-f);
    }
}
