package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Unnormalised Kullback-Leibler: the Bregman divergence of h(r) = r ln r - r (DIL, arXiv 2503.05079; KLIEP without its
 * constraint, Sugiyama et al. 2008).
 *
 * <p>loss = -f_w + e^f_l: the plain likelihood gradient on the chosen response and a bounded-below penalty on the
 * rejected one. beta 1 is the paper's. The authors' code leaves the reference out of f_w, which shifts the loss by a
 * constant and changes no gradient.
 */
final class Ukl implements BregmanHead {

    @Override
    public String name() {
        return "ukl";
    }

    @Override
    public String formula() {
        return "-f_w + exp(f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.ops().neg(f);
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return in.exp(f);
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return 1;
    }
}
