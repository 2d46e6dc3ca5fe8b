package org.dilort.check;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The Bregman heads by their definition: l_1(f) = -h'(e^f), l_-1(f) = e^f h'(e^f) - h(e^f), worked out for each h and
 * without the constants that change no gradient, in all variants.
 */
final class BregmanFormulas {
    private static final double LOG_2 = Math.log(2);

    private BregmanFormulas() {}

    private interface Side {
        Dual loss(FormulaInputs in, Dual f);
    }

    private record Sides(Side chosen, Side rejected) {}

    static Map<String, HeadFormula> all() {
        Map<String, HeadFormula> all = new TreeMap<>();
        sides().forEach((name, sides) -> all.put(name, HeadFormula.ofPair((in, w, l) -> loss(sides, in, w, l))));
        return all;
    }

    private static Map<String, Sides> sides() {
        Map<String, Sides> all = new TreeMap<>();
        // h = (r - 1)² / 2
        all.put(
                "lsif",
                new Sides(
                        (in, f) -> in.exp(f).negated(),
                        (in, f) -> in.exp(f.times(2)).times(0.5)));
        // h = (r - 1)²
        all.put("pearson", new Sides((in, f) -> in.exp(f).times(-2), (in, f) -> in.exp(f.times(2))));
        // h = r ln r - r
        all.put("ukl", new Sides((in, f) -> f.negated(), FormulaInputs::exp));
        // h = r ln r - (1 + r) ln(1 + r)
        all.put("bce", new Sides((in, f) -> f.logSigmoid().negated(), (in, f) -> f.softplus()));
        // h = r ln(2 r / (1 + r)) + ln(2 / (1 + r))
        all.put(
                "jensen_shannon",
                new Sides(
                        (in, f) -> f.logSigmoid().negated().plus(-LOG_2),
                        (in, f) -> f.softplus().plus(-LOG_2)));
        // h = -ln r
        all.put("itakura_saito", new Sides((in, f) -> in.exp(f.negated()), (in, f) -> f));
        // h = (sqrt r - 1)²
        all.put("hellinger", new Sides((in, f) -> in.exp(f.times(-0.5)), (in, f) -> in.exp(f.times(0.5))));
        // h = (r - 1) ln r
        all.put(
                "jeffreys",
                new Sides(
                        (in, f) -> in.exp(f.negated()).minus(f),
                        (in, f) -> in.exp(f).plus(f)));
        // h = 1 / (1 + r)
        all.put(
                "brier",
                new Sides(
                        (in, f) -> f.negated().sigmoid().square(),
                        (in, f) -> f.sigmoid().square()));
        // h = (r^(1 + a) - r) / a
        all.put("basu", new Sides(BregmanFormulas::basuChosen, (in, f) -> in.exp(f.times(1 + in.c("a")))));
        // h = (r^L - 1 - L (r - 1)) / (L (L - 1))
        all.put(
                "power",
                new Sides(
                        (in, f) -> quotient(in, f, in.c("order") - 1).negated(),
                        (in, f) -> quotient(in, f, in.c("order"))));
        return all;
    }

    private static Dual basuChosen(FormulaInputs in, Dual f) {
        double a = in.c("a");
        return in.exp(f.times(a)).times(1 + a).plus(-1).times(-1 / a);
    }

    /** (e^(k f) - 1) / k, f in the limit. */
    private static Dual quotient(FormulaInputs in, Dual f, double k) {
        return k == 0 ? f : in.exp(f.times(k)).plus(-1).times(1 / k);
    }

    private static Dual loss(Sides sides, FormulaInputs in, int w, int l) {
        double shift = in.c("shift");
        Dual chosen = in.f(w).plus(shift);
        Dual rejected = in.f(l).plus(shift);
        return switch (in.spec().variant()) {
            case POINTWISE ->
                sides.chosen().loss(in, chosen).plus(sides.rejected().loss(in, rejected));
            case PAIRWISE -> {
                Dual difference = in.f(w).minus(in.f(l)).plus(shift);
                yield sides.chosen().loss(in, difference).plus(sides.rejected().loss(in, difference.negated()));
            }
            case MIXTURE -> mixed(sides, in, chosen, rejected, 0.5);
            case RELATIVE -> {
                double a = in.c("mixture_weight");
                UnaryOperator<Dual> bounded = f -> bounded(f, a);
                yield mixed(sides, in, bounded.apply(chosen), bounded.apply(rejected), a);
            }
        };
    }

    /** l_1(f_w) + a l_-1(f_w) + (1 - a) l_-1(f_l). */
    private static Dual mixed(Sides sides, FormulaInputs in, Dual chosen, Dual rejected, double a) {
        return sides.chosen()
                .loss(in, chosen)
                .plus(sides.rejected().loss(in, chosen).times(a))
                .plus(sides.rejected().loss(in, rejected).times(1 - a));
    }

    /** log of e^f / (a e^f + 1 - a), by the form whose exponential is at most 1. */
    private static Dual bounded(Dual f, double a) {
        return f.value() > 0
                ? f.negated().exp().times(1 - a).plus(a).log().negated()
                : f.minus(f.exp().times(a).plus(1 - a).log());
    }
}
