package org.dilort.heads;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/**
 * The generators in float64: each l_1 and l_-1 is -h'(e^f) and e^f h'(e^f) - h(e^f), without the constants that the
 * heads' formulas leave out.
 */
final class BregmanFormulas {
    private BregmanFormulas() {}

    record Generator(
            String head, Map<String, Double> coefficients, DoubleUnaryOperator chosen, DoubleUnaryOperator rejected) {
        HeadSpec spec(Variant variant, Map<String, Double> more) {
            Map<String, Double> all = new TreeMap<>(coefficients);
            all.putAll(more);
            Head known = Heads.named(head);
            if (known.coefficients().stream().anyMatch(c -> c.name().equals("exp_cap"))) {
                all.putIfAbsent("exp_cap", Double.POSITIVE_INFINITY);
            }
            return new HeadSpec(known, variant, Reduction.SUM, all);
        }

        double weight(double f) {
            return ((BregmanHead) Heads.named(head)).weight(f, coefficients);
        }
    }

    private static Generator generator(String head, DoubleUnaryOperator chosen, DoubleUnaryOperator rejected) {
        return new Generator(head, Map.of(), chosen, rejected);
    }

    static Generator basu(double a) {
        return new Generator(
                "basu", Map.of("a", a), f -> -(Math.exp(a * f) + Math.expm1(a * f) / a), f -> Math.exp((1 + a) * f));
    }

    static Generator power(double order) {
        return new Generator("power", Map.of("order", order), f -> -quotient(order - 1, f), f -> quotient(order, f));
    }

    private static double quotient(double k, double f) {
        return k == 0 ? f : Math.expm1(k * f) / k;
    }

    private static double softplusOverTwo(double x) {
        return Math.max(x, 0) + Math.log1p(Math.expm1(-Math.abs(x)) / 2);
    }

    static List<Generator> generators() {
        return List.of(
                generator("lsif", f -> -Math.exp(f), f -> Math.exp(2 * f) / 2),
                generator("pearson", f -> -2 * Math.exp(f), f -> Math.exp(2 * f)),
                generator("ukl", f -> -f, Math::exp),
                generator("bce", f -> Formulas.softplus(-f), f -> Formulas.softplus(f)),
                generator("jensen_shannon", f -> softplusOverTwo(-f), f -> softplusOverTwo(f)),
                generator("itakura_saito", f -> Math.exp(-f), f -> f),
                generator("hellinger", f -> Math.exp(-f / 2), f -> Math.exp(f / 2)),
                generator("jeffreys", f -> -f + Math.exp(-f), f -> f + Math.exp(f)),
                generator("brier", f -> Math.pow(Formulas.sigmoid(-f), 2), f -> Math.pow(Formulas.sigmoid(f), 2)),
                basu(0.5),
                basu(1),
                basu(2),
                power(2),
                power(1.5),
                power(1),
                power(0.5),
                power(0),
                power(-1),
                power(1 + 1.0 / 1024));
    }
}
