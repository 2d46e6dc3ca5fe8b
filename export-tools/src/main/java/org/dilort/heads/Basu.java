package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * Basu's power divergence: the Bregman divergence of h(r) = (r^(1+a) - r) / a with a &gt; 0 (Basu et al. 1998; for
 * preferences, arXiv 2505.19601).
 *
 * <p>l_1 = -((1 + a) e^(a f) - 1) / a, l_-1 = e^((1 + a) f). a = 1 is twice {@link Lsif} but for a constant; a to 0 is
 * {@link Ukl}.
 */
final class Basu implements BregmanHead {

    @Override
    public String name() {
        return "basu";
    }

    @Override
    public String formula() {
        return "-((1 + a) exp(a f_w) - 1) / a + exp((1 + a) f_l)";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(
                Coefficient.beta(1),
                Coefficient.shift(),
                Coefficient.expCap(),
                new Coefficient("a", 0.5, 1e-3, 10, "power, a"));
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        Ops ops = in.ops();
        Value a = in.coefficient("a");
        Value exponent = ops.mul(a, f);
        return ops.neg(ops.add(ops.div(in.expm1(exponent), a), in.exp(exponent)));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        Ops ops = in.ops();
        return in.exp(ops.mul(ops.add(in.coefficient("a"), 1), f));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        double a = coefficients.get("a");
        return (1 + a) * Math.exp(a * f);
    }
}
