package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Jensen-Shannon: the Bregman divergence of h(r) = r ln(2 r / (1 + r)) + ln(2 / (1 + r)) (Sugiyama et al. 2012).
 *
 * <p>Each side is that of binary cross-entropy less ln 2, so the gradients are the same and the loss is 0 where policy
 * and reference agree.
 */
final class JensenShannon implements BregmanHead {

    @Override
    public String name() {
        return "jensen_shannon";
    }

    @Override
    public String formula() {
        return "-log(2 sigmoid(f_w)) - log(2 sigmoid(-f_l))";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return Numerics.softplusOverTwo(in.ops(), in.ops().neg(f));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return Numerics.softplusOverTwo(in.ops(), f);
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 1 / (1 + Math.exp(f));
    }
}
