package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.Test;

class LsifTest extends HeadContract {

    LsifTest() {
        super("lsif");
    }

    /** -e^0 + e^0 / 2 = -1/2; d_w = -e^0 = -1, d_l = e^0 = 1. */
    @Test
    void atZero() {
        assertFormula(0, 0, -0.5, -1, 1);
    }

    /** -e^0.3 + e^-0.4 / 2 = -1.349859 + 0.335160; d_w = -e^0.3, d_l = e^-0.4. */
    @Test
    void byHand() {
        assertFormula(0.3, -0.2, -1.014699, -1.349859, 0.670320);
    }

    /** f = 2 ln 2 and ln 2: r_w = 4, r_l = 2: -4 + 2² / 2 = -2; d_w = -4, d_l = 2² = 4. */
    @Test
    void isTheSquareOfTheRatio() {
        assertFormula(2 * Math.log(2), Math.log(2), -2, -4, 4);
    }

    /** Ratios 6/3 and -4/2 tokens, beta 0.5: f = 1 and -1: -e + e^-2 / 2; rewards are f. */
    @Test
    void meanDividesByTheTokensAndBetaScales() {
        Batch batch = new Batch(new double[] {-4, -9}, new double[] {-10, -5}, new double[] {3, 2});
        Result result = run(spec(Reduction.MEAN, Map.of("beta", 0.5)), batch);
        assertThat(result.rewards()).containsExactly(1, -1);
        assertThat(result.losses()[0]).isCloseTo(-Math.E + Math.exp(-2) / 2, Offset.offset(1e-6));
        assertThat(result.gradients()[0]).isCloseTo(-Math.E * 0.5 / 3, Offset.offset(1e-6));
        assertThat(result.gradients()[1]).isCloseTo(Math.exp(-2) * 0.5 / 2, Offset.offset(1e-6));
    }

    /**
     * Above a cap of 2 the exponential goes on as its tangent e²(x - 1). Chosen f = 5: value e² 4, slope e². Rejected
     * 2f = 6: value e² 5 / 2, slope e².
     */
    @Test
    void capContinuesLinearly() {
        Result result = run(spec(Reduction.SUM, Map.of("exp_cap", 2.0)), Batch.ofRatios(5, 3));
        double e2 = Math.exp(2);
        assertThat(result.losses()[0]).isCloseTo(-4 * e2 + 5 * e2 / 2, Offset.offset(1e-5));
        assertThat(result.gradients()[0]).isCloseTo(-e2, Offset.offset(1e-5));
        assertThat(result.gradients()[1]).isCloseTo(e2, Offset.offset(1e-5));
    }

    /** At the cap itself both sides of the joint have the slope e². */
    @Test
    void capIsSmooth() {
        Result result = run(spec(Reduction.SUM, Map.of("exp_cap", 2.0)), Batch.ofRatios(2, 1));
        assertThat(result.gradients()[0]).isCloseTo(-Math.exp(2), Offset.offset(1e-5));
        assertThat(result.gradients()[1]).isCloseTo(Math.exp(2), Offset.offset(1e-5));
    }
}
