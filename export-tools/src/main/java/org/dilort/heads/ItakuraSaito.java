package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Itakura-Saito: the Bregman divergence of h(r) = -ln r.
 *
 * <p>loss = e^-f_w + f_l: the chosen pull e^-f_w grows the further a chosen response fell behind, and the rejected
 * response is pushed down with the same force for ever, as in unlearning by gradient ascent.
 */
final class ItakuraSaito implements BregmanHead {

    @Override
    public String name() {
        return "itakura_saito";
    }

    @Override
    public String formula() {
        return "exp(-f_w) + f_l";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.exp(in.ops().neg(f));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return f;
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return Math.exp(-f);
    }
}
