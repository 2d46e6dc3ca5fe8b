package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.Test;

class BceTest extends HeadContract {

    BceTest() {
        super("bce");
    }

    /** Both sigmoids are 1/2: 2 ln 2; d_w = -1/2, d_l = 1/2. */
    @Test
    void atZero() {
        assertFormula(0, 0, 2 * Math.log(2), -0.5, 0.5);
    }

    /** ln(1 + e^-0.3) + ln(1 + e^-0.2) = 0.554355 + 0.598139; d_w = -1/(1 + e^0.3), d_l = 1/(1 + e^0.2). */
    @Test
    void byHand() {
        assertFormula(0.3, -0.2, 1.152494, -0.425557, 0.450166);
    }

    /** f = ln 3 and -ln 3: both terms are ln(1 + 1/3); d = -+ 1/4. */
    @Test
    void isAsymmetricOnlyInItsSides() {
        assertFormula(Math.log(3), -Math.log(3), 2 * Math.log(4 / 3.0), -0.25, 0.25);
    }

    /** Ratios 6/3 and -4/2 tokens, beta 0.5: f = 1 and -1: 2 ln(1 + e^-1). */
    @Test
    void meanDividesByTheTokensAndBetaScales() {
        Batch batch = new Batch(new double[] {-4, -9}, new double[] {-10, -5}, new double[] {3, 2});
        Result result = run(spec(Reduction.MEAN, Map.of("beta", 0.5)), batch);
        assertThat(result.rewards()).containsExactly(1, -1);
        assertThat(result.losses()[0]).isCloseTo(2 * Math.log1p(Math.exp(-1)), Offset.offset(1e-6));
        double sigmoid = 1 / (1 + Math.E);
        assertThat(result.gradients()[0]).isCloseTo(-sigmoid * 0.5 / 3, Offset.offset(1e-7));
        assertThat(result.gradients()[1]).isCloseTo(sigmoid * 0.5 / 2, Offset.offset(1e-7));
    }

    /** Far beyond where ONNX Runtime's Sigmoid and Softplus lose their digits: sigmoid(-25) = e^-25 to 1e-11. */
    @Test
    void keepsItsDigitsInTheTails() {
        Result result = formula(25, -25);
        double tail = Math.exp(-25);
        assertThat(result.losses()[0]).isCloseTo(2 * tail, Offset.offset(1e-6 * tail));
        assertThat(result.gradients()[0]).isCloseTo(-tail, Offset.offset(1e-6 * tail));
        assertThat(result.gradients()[1]).isCloseTo(tail, Offset.offset(1e-6 * tail));
    }
}
