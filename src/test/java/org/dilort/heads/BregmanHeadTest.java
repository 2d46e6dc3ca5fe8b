package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.dilort.heads.BregmanFormulas.Generator;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every generator: the losses against their formulas in float64, the slopes against -w and e^f w, the four variants, and
 * what the cap does.
 */
class BregmanHeadTest {
    private static final List<Double> POINTS = List.of(
            -80., -30.5, -10., -3.25, -1., -0.5, -0.0009765625, 0., 0.0009765625, 0.375, 0.5, 1., 2.5, 10., 25.);

    private static Stream<DynamicTest> forEach(java.util.function.Consumer<Generator> test) {
        return BregmanFormulas.generators().stream()
                .map(g -> DynamicTest.dynamicTest(g.head() + " " + g.coefficients(), () -> test.accept(g)));
    }

    @TestFactory
    Stream<DynamicTest> lossesAndSlopes() {
        return forEach(g -> {
            try (HeadRunner run = new HeadRunner(g.spec(Variant.POINTWISE, Map.of()))) {
                for (double f : POINTS) {
                    // each side beside a response at 0, so that neither side's digits hide the other's
                    Result chosen = run.run(Batch.ofRatios(f, 0));
                    Result rejected = run.run(Batch.ofRatios(0, f));
                    String at = g.head() + " f = " + f;
                    double chosenLoss = g.chosen().applyAsDouble(f);
                    double rejectedLoss = g.rejected().applyAsDouble(f);
                    closeSum(chosen.losses()[0], chosenLoss, g.rejected().applyAsDouble(0), at);
                    closeSum(rejected.losses()[0], g.chosen().applyAsDouble(0), rejectedLoss, at);
                    Close.gradient(chosen.gradients()[0], -g.weight(f), at + " l_1' = -w");
                    Close.gradient(rejected.gradients()[1], Math.exp(f) * g.weight(f), at + " l_-1' = e^f w");
                }
            }
        });
    }

    /** Two terms may cancel; then float can only be right to the larger one's digits. */
    private static void closeSum(double actual, double a, double b, String what) {
        double scale = Math.max(Math.abs(a), Math.abs(b));
        if (scale < Float.MAX_VALUE) {
            assertThat(Math.abs(actual - (a + b)))
                    .as("%s: %s, expected %s", what, actual, a + b)
                    .isLessThanOrEqualTo(Math.max(1e-5 * Math.abs(a + b), 3e-7 * scale));
        }
    }

    /** What a variant gives for one pair: loss, and its slopes in f_w and f_l. */
    private interface Expected {
        double[] of(Generator g, double w, double l);
    }

    private static final double SHIFT = 0.25;
    private static final double BETA = 2;
    private static final double[] RATIOS = {0.25, -0.125, -1.5, 1, 0, 0, 3, 0.5, -2.5, -4.5};

    private static double rejectedSlope(Generator g, double f) {
        return Math.exp(f) * g.weight(f);
    }

    private static Stream<DynamicTest> variant(Variant variant, Map<String, Double> own, Expected expected) {
        Map<String, Double> coefficients = new TreeMap<>(own);
        coefficients.put("shift", SHIFT);
        coefficients.put("beta", BETA);
        return forEach(g -> {
            Result result = HeadRunner.run(g.spec(variant, coefficients), Batch.ofRatios(RATIOS));
            for (int i = 0; i < RATIOS.length; i += 2) {
                String at = g.head() + " q = " + RATIOS[i] + ", " + RATIOS[i + 1];
                double[] numbers = expected.of(g, BETA * RATIOS[i], BETA * RATIOS[i + 1]);
                Close.check(result.losses()[i / 2], numbers[0], 1e-5, 1e-6, at);
                Close.check(result.gradients()[i], BETA * numbers[1], 1e-4, 1e-6, at + " chosen");
                Close.check(result.gradients()[i + 1], BETA * numbers[2], 1e-4, 1e-6, at + " rejected");
            }
        });
    }

    /** l_1(f_w + s) + l_-1(f_l + s) with s the shift. */
    @TestFactory
    Stream<DynamicTest> pointwise() {
        return variant(Variant.POINTWISE, Map.of(), (g, w, l) -> {
            double loss = g.chosen().applyAsDouble(w + SHIFT) + g.rejected().applyAsDouble(l + SHIFT);
            return new double[] {loss, -g.weight(w + SHIFT), rejectedSlope(g, l + SHIFT)};
        });
    }

    /** With d = f_w - f_l + s: l_1(d) + l_-1(-d), whose slope in d is -w(d) - e^-d w(-d). */
    @TestFactory
    Stream<DynamicTest> pairwise() {
        return variant(Variant.PAIRWISE, Map.of(), (g, w, l) -> {
            double d = w - l + SHIFT;
            double slope = -g.weight(d) - rejectedSlope(g, -d);
            return new double[] {g.chosen().applyAsDouble(d) + g.rejected().applyAsDouble(-d), slope, -slope};
        });
    }

    /** l_1(f_w) + l_-1(f_w) / 2 + l_-1(f_l) / 2, of f + s. */
    @TestFactory
    Stream<DynamicTest> mixture() {
        return variant(Variant.MIXTURE, Map.of(), (g, w, l) -> mixed(g, w + SHIFT, l + SHIFT, 0.5));
    }

    private static double[] mixed(Generator g, double w, double l, double a) {
        double noise =
                a * g.rejected().applyAsDouble(w) + (1 - a) * g.rejected().applyAsDouble(l);
        double chosenSlope = -g.weight(w) + a * rejectedSlope(g, w);
        return new double[] {g.chosen().applyAsDouble(w) + noise, chosenSlope, (1 - a) * rejectedSlope(g, l)};
    }

    /**
     * With g = f - log(a e^f + 1 - a), of f + s, whose slope is (1 - a) / (a e^f + 1 - a): l_1(g_w) + a l_-1(g_w) +
     * (1 - a) l_-1(g_l).
     */
    @TestFactory
    Stream<DynamicTest> relative() {
        double a = 0.375;
        DoubleUnaryOperator bounded = f -> f - Math.log(a * Math.exp(f) + 1 - a);
        DoubleUnaryOperator slope = f -> (1 - a) / (a * Math.exp(f) + 1 - a);
        return variant(Variant.RELATIVE, Map.of("mixture_weight", a), (g, w, l) -> {
            double[] of = mixed(g, bounded.applyAsDouble(w + SHIFT), bounded.applyAsDouble(l + SHIFT), a);
            return new double[] {of[0], of[1] * slope.applyAsDouble(w + SHIFT), of[2] * slope.applyAsDouble(l + SHIFT)};
        });
    }

    /** A pair that is not counted as saturated is as without the cap, to the bit. */
    @TestFactory
    Stream<DynamicTest> capChangesSaturatedPairsOnly() {
        double[] ratios =
                POINTS.stream().flatMapToDouble(f -> DoubleStream.of(f, -f)).toArray();
        return forEach(g -> {
            HeadSpec formula = g.spec(Variant.POINTWISE, Map.of());
            if (!formula.coefficients().containsKey("exp_cap")) {
                return;
            }
            Result exact = HeadRunner.run(formula, Batch.ofRatios(ratios));
            Result capped = HeadRunner.run(g.spec(Variant.POINTWISE, Map.of("exp_cap", 4.)), Batch.ofRatios(ratios));
            assertThat(capped.saturated()).contains(0, 1);
            for (int pair = 0; pair < POINTS.size(); pair++) {
                if (capped.saturated()[pair] == 0) {
                    assertThat(capped.losses()[pair]).isEqualTo(exact.losses()[pair]);
                    assertThat(capped.gradients()[2 * pair]).isEqualTo(exact.gradients()[2 * pair]);
                    assertThat(capped.gradients()[2 * pair + 1]).isEqualTo(exact.gradients()[2 * pair + 1]);
                }
            }
        });
    }

    /** Beyond the cap: finite, saturated, and pulling the chosen up and the rejected down, never with gradient 0. */
    @TestFactory
    Stream<DynamicTest> runawayPairs() {
        return forEach(g -> {
            HeadSpec spec = new HeadSpec(Heads.named(g.head()), Reduction.SUM, g.coefficients());
            boolean capped = spec.coefficients().containsKey("exp_cap");
            double[] ratios = {-500, 500, 500, 500, -500, -500, 120, -120, 31, 15.5};
            Result result = HeadRunner.run(spec, Batch.ofRatios(ratios));
            for (int pair = 0; pair < ratios.length / 2; pair++) {
                String at = g.head() + " f = " + ratios[2 * pair] + ", " + ratios[2 * pair + 1];
                double chosen = result.gradients()[2 * pair];
                double rejected = result.gradients()[2 * pair + 1];
                assertThat(result.losses()[pair]).as(at).isFinite();
                assertThat(chosen).as(at).isFinite().isLessThanOrEqualTo(0);
                assertThat(rejected).as(at).isFinite().isGreaterThanOrEqualTo(0);
                if (capped && result.saturated()[pair] == 1) {
                    assertThat(Math.max(-chosen, rejected)).as(at).isGreaterThan(Math.exp(30) / 3);
                }
            }
        });
    }

    @Test
    void pairAboveTheCapIsCountedAsSaturated() {
        HeadSpec lsif = HeadSpec.of("lsif");
        Batch batch = new Batch(
                new double[] {-100, -85, -70, -120, -69.5, -100, -100, -84.5},
                new double[] {-100, -100, -100, -100, -100, -100, -100, -100},
                new double[] {1, 1, 1, 1, 1, 1, 1, 1});
        assertThat(HeadRunner.run(lsif, batch).saturated()).containsExactly(0, 0, 1, 1);
    }

    /** Basu(1) = -2 e^f + 1 + e^(2 f) = 2 LSIF + 1. */
    @Test
    void basuOfOneIsTwiceLsif() {
        Batch batch = Batch.ofRatios(0.75, -1.5);
        Result basu = HeadRunner.run(BregmanFormulas.basu(1).spec(Variant.POINTWISE, Map.of()), batch);
        Result lsif = HeadRunner.run(HeadSpec.of("lsif"), batch);
        Close.loss(basu.losses()[0], 2 * lsif.losses()[0] + 1, "basu(1)");
        sameGradient(basu, lsif, 2);
    }

    /** power(2) = -(e^f - 1) + (e^(2 f) - 1) / 2 = LSIF + 1/2. */
    @Test
    void powerOfTwoIsLsif() {
        Batch batch = Batch.ofRatios(0.75, -1.5);
        Result power = HeadRunner.run(BregmanFormulas.power(2).spec(Variant.POINTWISE, Map.of()), batch);
        Result lsif = HeadRunner.run(HeadSpec.of("lsif"), batch);
        Close.loss(power.losses()[0], lsif.losses()[0] + 0.5, "power(2)");
        sameGradient(power, lsif, 1);
    }

    /** Orders 1, 0 and 1/2 are UKL - 1, IS - 1 and twice Hellinger less its constants. */
    @Test
    void powerFamilyHoldsItsMembers() {
        Batch batch = Batch.ofRatios(-2.25, 1.5);
        Map<Double, String> members = Map.of(1., "ukl", 0., "itakura_saito", 0.5, "hellinger");
        members.forEach((order, member) -> {
            Result power = HeadRunner.run(BregmanFormulas.power(order).spec(Variant.POINTWISE, Map.of()), batch);
            Result other = HeadRunner.run(HeadSpec.of(member), batch);
            sameGradient(power, other, order == 0.5 ? 2 : 1);
        });
    }

    @Test
    void pairwiseBceIsTwiceDpo() {
        Batch batch = Batch.ofRatios(3, -1.25);
        HeadSpec pairwise = new HeadSpec(Heads.named("bce"), Variant.PAIRWISE, Reduction.SUM, Map.of("beta", 0.1));
        Result bce = HeadRunner.run(pairwise, batch);
        Result dpo = HeadRunner.run(HeadSpec.of("dpo"), batch);
        Close.loss(bce.losses()[0], 2 * dpo.losses()[0], "pairwise bce");
        sameGradient(bce, dpo, 2);
    }

    private static void sameGradient(Result actual, Result other, double factor) {
        for (int i = 0; i < 2; i++) {
            Close.gradient(actual.gradients()[i], factor * other.gradients()[i], "gradient " + i);
        }
    }

    /** The reference is a constant: with or without it in the chosen term the gradient of UKL is the same. */
    @Test
    void uklGradientDoesNotSeeTheChosenReference() {
        Batch with = Batch.ofRatios(1.5, -0.5);
        Batch without = new Batch(with.policy(), new double[] {128, 0}, with.lengths());
        Result a = HeadRunner.run(HeadSpec.of("ukl"), with);
        Result b = HeadRunner.run(HeadSpec.of("ukl"), without);
        assertThat(a.gradients()).containsExactly(b.gradients());
        Close.loss(a.losses()[0], b.losses()[0] - 128, "the constant");
    }
}
