package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Value;

/**
 * Least-squares importance fitting: the Bregman divergence of h(r) = (r - 1)² / 2 between the density ratio of chosen
 * to reference and exp(f) (DIL, arXiv 2503.05079; Kanamori et al. 2009).
 *
 * <p>loss = -e^f_w + e^(2 f_l) / 2. The chosen pull e^f_w fades for a response that fell below the reference; the
 * rejected push e^(2 f_l) switches itself off once the response is unlikely. beta 1 is the paper's.
 */
final class Lsif implements BregmanHead {

    @Override
    public String name() {
        return "lsif";
    }

    @Override
    public String formula() {
        return "-exp(f_w) + exp(2 f_l) / 2";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(Coefficient.beta(1), Coefficient.shift(), Coefficient.expCap());
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        return in.ops().neg(in.exp(f));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return in.ops().mul(in.exp(in.ops().mul(f, 2)), 0.5);
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return Math.exp(f);
    }
}
