package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.Test;

class DpoTest extends HeadContract {

    DpoTest() {
        super("dpo");
    }

    /** -ln sigmoid(0) = ln 2; d_w = -1/2, d_l = 1/2. */
    @Test
    void atZero() {
        assertFormula(0, 0, Math.log(2), -0.5, 0.5);
    }

    /** ln(1 + e^-0.5) = 0.474077; d_w = -1/(1 + e^0.5) = -0.377541, d_l the opposite. */
    @Test
    void byHand() {
        assertFormula(0.3, -0.2, 0.474077, -0.377541, 0.377541);
    }

    /**
     * e = 0.25, difference ln 3: 0.75 ln(4/3) + 0.25 ln 4; slope of the difference -0.75 / 4 + 0.25 * 3 / 4 = 0: the
     * smoothed loss is least just there.
     */
    @Test
    void smoothingHasItsMinimumAtTheLogOdds() {
        Result result =
                run(spec(Reduction.SUM, Map.of("beta", 1.0, "label_smoothing", 0.25)), Batch.ofRatios(Math.log(3), 0));
        assertThat(result.losses()[0]).isCloseTo(0.75 * Math.log(4 / 3.0) + 0.25 * Math.log(4), Offset.offset(1e-6));
        assertThat(result.gradients()[0]).isCloseTo(0, Offset.offset(1e-7));
    }

    /** Ratios 6/3 and -4/2 tokens, beta 0.5: f = 1 and -1, difference 2: ln(1 + e^-2). */
    @Test
    void meanDividesByTheTokensAndBetaScales() {
        Batch batch = new Batch(new double[] {-4, -9}, new double[] {-10, -5}, new double[] {3, 2});
        Result result = run(spec(Reduction.MEAN, Map.of("beta", 0.5)), batch);
        assertThat(result.rewards()).containsExactly(1, -1);
        assertThat(result.losses()[0]).isCloseTo(Math.log1p(Math.exp(-2)), Offset.offset(1e-6));
        double sigmoid = 1 / (1 + Math.exp(2));
        assertThat(result.gradients()[0]).isCloseTo(-sigmoid * 0.5 / 3, Offset.offset(1e-7));
        assertThat(result.gradients()[1]).isCloseTo(sigmoid * 0.5 / 2, Offset.offset(1e-7));
    }

    @Test
    void defaultBetaIsATenth() {
        assertThat(HeadSpec.of("dpo").coefficients()).containsEntry("beta", 0.1).containsEntry("label_smoothing", 0.0);
    }
}
