package org.dilort.heads;

import java.util.List;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The divergence to the reference that a policy is held by, as the score h(q) = f'(e^q) but for a constant. */
enum FDivergence {
    /** h = q: the divergence of {@link Dpo}. */
    REVERSE_KL("reverse_kl", "q"),
    /** h = -e^-q. */
    FORWARD_KL("forward_kl", "-exp(-q)"),
    /** h = log sigmoid(q). */
    JENSEN_SHANNON("js", "log sigmoid(q)"),
    /** h = (e^((a - 1) q) - 1) / (a - 1), which is q at a = 1. */
    ALPHA("alpha", "(exp((a - 1) q) - 1) / (a - 1)");

    static final String ORDER = "f_alpha";

    /** Within it of 1 the quotient is its limit. */
    private static final double LIMIT = 1e-6;

    private final String name;
    private final String formula;

    FDivergence(String name, String formula) {
        this.name = name;
        this.formula = formula;
    }

    String headName() {
        return "fdpo_" + name;
    }

    String formula() {
        return formula;
    }

    List<Coefficient> coefficients() {
        return switch (this) {
            case REVERSE_KL, JENSEN_SHANNON -> List.of();
            case FORWARD_KL -> List.of(Coefficient.expCap());
            case ALPHA ->
                List.of(Coefficient.expCap(), new Coefficient(ORDER, 0.5, -10, 10, "order of the divergence, a"));
        };
    }

    Value score(HeadInputs in, Value ratio) {
        Ops ops = in.ops();
        return switch (this) {
            case REVERSE_KL -> ratio;
            case FORWARD_KL -> ops.neg(in.exp(ops.neg(ratio)));
            case JENSEN_SHANNON -> ops.neg(Numerics.softplus(ops, ops.neg(ratio)));
            case ALPHA -> alpha(in, ratio);
        };
    }

    private static Value alpha(HeadInputs in, Value ratio) {
        if (Math.abs(in.number(ORDER) - 1) < LIMIT) {
            return ratio;
        }
        Ops ops = in.ops();
        Value power = ops.add(in.coefficient(ORDER), -1);
        return ops.div(in.expm1(ops.mul(power, ratio)), power);
    }
}
