package org.dilort.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.dilort.chart.Chart;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;
import org.dilort.heads.Head;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The curves are the formulas' and their derivatives, worked out beside each. */
class HeadChartTest {

    private static Chart chart(String head, Variant variant, Map<String, Double> coefficients) {
        Head known = Heads.named(head);
        return HeadChart.of(new HeadSpec(known, variant, known.reductions().get(0), coefficients));
    }

    private static Chart chart(String head) {
        return chart(head, Variant.POINTWISE, Map.of());
    }

    private static void assertCurve(
            Chart chart, int index, String name, DoubleUnaryOperator loss, DoubleUnaryOperator slope) {
        assertSame(chart.panels().get(0).curves().get(index), name, loss);
        assertSame(chart.panels().get(1).curves().get(index), name, slope);
    }

    private static void assertSame(Curve curve, String name, DoubleUnaryOperator expected) {
        assertThat(curve.name()).isEqualTo(name);
        for (int i = 0; i < curve.x().length; i++) {
            double number = expected.applyAsDouble(curve.x()[i]);
            assertThat(curve.y()[i])
                    .as("%s at %s", name, curve.x()[i])
                    .isCloseTo(number, Offset.offset(2e-5 * Math.max(1, Math.abs(number))));
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double softplus(double x) {
        return Math.log1p(Math.exp(x));
    }

    /** l_1 = -e^f and l_-1 = e^(2 f) / 2. */
    @Test
    void lsif() {
        Chart chart = chart("lsif");
        assertCurve(chart, 0, "l_1 (chosen)", f -> -Math.exp(f), f -> -Math.exp(f));
        assertCurve(chart, 1, "l_-1 (rejected)", f -> Math.exp(2 * f) / 2, f -> Math.exp(2 * f));
        double[] f = chart.panels().get(0).curves().get(0).x();
        assertThat(f[0]).isEqualTo(-5);
        assertThat(f[f.length - 1]).isEqualTo(5);
        assertThat(chart.toSvg()).contains("l_-1 (rejected) goes on to 22026 at 5");
    }

    /** With cap 2 on 2 f, from f = 1 on e^(2 f) is e² (2 f - 1); f has the shift in it. */
    @Test
    void lsifWithShiftAndCap() {
        Chart chart = chart("lsif", Variant.POINTWISE, Map.of("shift", 0.5, "exp_cap", 2.0, "beta", 0.25));
        assertCurve(
                chart,
                1,
                "l_-1 (rejected)",
                f -> (f <= 0.5 ? Math.exp(2 * f + 1) : Math.exp(2) * (2 * f)) / 2,
                f -> f == 0.5
                        ? chart.panels().get(1).curves().get(1).y()[88]
                        : f < 0.5 ? Math.exp(2 * f + 1) : Math.exp(2));
        assertThat(chart.formulas()).contains("pointwise, beta = 0.25, exp_cap = 2, shift = 0.5");
    }

    @Test
    void ukl() {
        assertCurve(chart("ukl"), 0, "l_1 (chosen)", f -> -f, f -> -1);
        assertCurve(chart("ukl"), 1, "l_-1 (rejected)", Math::exp, Math::exp);
    }

    @Test
    void bce() {
        assertCurve(chart("bce"), 0, "l_1 (chosen)", f -> softplus(-f), f -> -sigmoid(-f));
        assertCurve(chart("bce"), 1, "l_-1 (rejected)", HeadChartTest::softplus, HeadChartTest::sigmoid);
    }

    /** -log sigmoid(z), by the margin z whatever beta. */
    @Test
    void dpo() {
        for (double beta : new double[] {0.1, 2}) {
            Chart chart = chart("dpo", Variant.POINTWISE, Map.of("beta", beta));
            assertCurve(chart, 0, "loss", z -> softplus(-z), z -> -sigmoid(-z));
            assertThat(chart.panels().get(1).title()).isEqualTo("gradient in the margin");
        }
    }

    /** -log sigmoid(z - gamma) with gamma 1; the rewards have no reference. */
    @Test
    void simpo() {
        assertCurve(chart("simpo"), 0, "loss", z -> softplus(1 - z), z -> -sigmoid(1 - z));
    }

    /** sigmoid(-f_w) + sigmoid(f_l), the other at 0: 1/2. */
    @Test
    void apoZero() {
        Chart chart = chart("apo_zero");
        assertCurve(chart, 0, "over f_w", f -> sigmoid(-f) + 0.5, f -> -sigmoid(f) * sigmoid(-f));
        assertCurve(chart, 1, "over f_l", f -> sigmoid(f) + 0.5, f -> sigmoid(f) * sigmoid(-f));
        assertThat(chart.notes())
                .containsExactly("The response that a curve is not over has f = 0; the reference gives each -64.");
    }

    /** -e^p_w + e^p_l with the other p at -1, and p below 0. */
    @Test
    void simper() {
        Chart chart = chart("simper");
        assertCurve(chart, 0, "over p_w", p -> Math.exp(-1) - Math.exp(p), p -> -Math.exp(p));
        assertCurve(chart, 1, "over p_l", p -> Math.exp(p) - Math.exp(-1), Math::exp);
        assertThat(chart.panels().get(0).curves().get(0).x()).endsWith(-0.0625);
    }

    /** -p_w, and nothing about the rejected response. */
    @Test
    void sft() {
        assertThat(chart("sft").panels().get(0).curves()).hasSize(1);
        assertCurve(chart("sft"), 0, "over p_w", p -> -p, p -> -1);
    }

    /** l_1(d) + l_-1(-d) of ukl: -d + e^-d. */
    @Test
    void pairwiseVariantIsOfTheMargin() {
        Chart chart = chart("ukl", Variant.PAIRWISE, Map.of());
        assertCurve(chart, 0, "loss", d -> -d + Math.exp(-d), d -> -1 - Math.exp(-d));
        assertThat(chart.formulas()).contains("pointwise loss = -f_w + exp(f_l)");
    }

    /** One token each, so the shorter response's tail is empty: DPO, whose slope goes through the tokens. */
    @Test
    void gradientOfAHeadThatReadsTokensIsTheirs() {
        assertCurve(chart("ld_dpo"), 0, "loss", z -> softplus(-z), z -> -sigmoid(-z));
    }

    /** k_l = max(0, f_l) = 0: sigmoid(-f_w) / 2 + sigmoid(-max(0, f_w)) / 2. */
    @Test
    void headOfAStepIsDrawnForStepsOfOnePair() {
        Chart chart = chart("kto_pair");
        assertSame(
                chart.panels().get(0).curves().get(0), "over f_w", f -> sigmoid(-f) / 2 + sigmoid(-Math.max(0, f)) / 2);
        assertThat(chart.notes()).contains("The head couples the pairs of a step; here each step is one pair.");
    }

    static List<Head> heads() {
        return Heads.all();
    }

    @ParameterizedTest
    @MethodSource("heads")
    void everyHeadHasAChart(Head head) {
        for (Variant variant : head.variants()) {
            for (Reduction reduction : head.reductions()) {
                Chart chart = HeadChart.of(new HeadSpec(head, variant, reduction, Map.of()));
                for (Panel panel : chart.panels()) {
                    assertThat(panel.curves()).isNotEmpty();
                    panel.curves()
                            .forEach(curve -> assertThat(curve.y())
                                    .as("%s %s", head.name(), variant)
                                    .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY));
                }
            }
        }
    }
}
