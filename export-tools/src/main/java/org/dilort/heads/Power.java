package org.dilort.heads;

import java.util.List;
import java.util.Map;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * The power family: the Bregman divergence of h(r) = (r^L - 1 - L (r - 1)) / (L (L - 1)) of order L, any real number
 * (alpha divergences; Sugiyama et al. 2012).
 *
 * <p>l_1 = -(e^((L-1) f) - 1) / (L - 1) and l_-1 = (e^(L f) - 1) / L, with the limits -f at L = 1 and f at L = 0. Order
 * 2 is {@link Lsif}, 1 {@link Ukl} and 0 {@link ItakuraSaito} but for constants, 1/2 twice {@link Hellinger}.
 */
final class Power implements BregmanHead {
    /** Below, float cannot tell the quotient from its limit. */
    private static final double LIMIT = 1e-7;

    @Override
    public String name() {
        return "power";
    }

    @Override
    public String formula() {
        return "-(exp((L - 1) f_w) - 1) / (L - 1) + (exp(L f_l) - 1) / L";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of(
                Coefficient.beta(1),
                Coefficient.shift(),
                Coefficient.expCap(),
                new Coefficient("order", 1.5, -10, 10, "order, L"));
    }

    @Override
    public Value chosenLoss(HeadInputs in, Value f) {
        Ops ops = in.ops();
        return ops.neg(power(in, f, ops.add(in.coefficient("order"), -1), in.number("order") - 1));
    }

    @Override
    public Value rejectedLoss(HeadInputs in, Value f) {
        return power(in, f, in.coefficient("order"), in.number("order"));
    }

    @Override
    public double weight(double f, Map<String, Double> coefficients) {
        return Math.exp((coefficients.get("order") - 1) * f);
    }

    /** (e^(k f) - 1) / k, which is f where k is 0. */
    private static Value power(HeadInputs in, Value f, Value k, double number) {
        if (Math.abs(number) < LIMIT) {
            return f;
        }
        return in.ops().div(in.expm1(in.ops().mul(k, f)), k);
    }
}
