package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.junit.jupiter.api.Test;

class UklTest extends HeadContract {

    UklTest() {
        super("ukl");
    }

    /** -0 + e^0 = 1; d_w = -1, d_l = e^0 = 1. */
    @Test
    void atZero() {
        assertFormula(0, 0, 1, -1, 1);
    }

    /** -0.3 + e^-0.2 = -0.3 + 0.818731; d_w = -1, d_l = e^-0.2. */
    @Test
    void byHand() {
        assertFormula(0.3, -0.2, 0.518731, -1, 0.818731);
    }

    /** Ratios 6/3 and -4/2 tokens, beta 0.5: f = 1 and -1: -1 + e^-1. */
    @Test
    void meanDividesByTheTokensAndBetaScales() {
        Batch batch = new Batch(new double[] {-4, -9}, new double[] {-10, -5}, new double[] {3, 2});
        Result result = run(spec(Reduction.MEAN, Map.of("beta", 0.5)), batch);
        assertThat(result.rewards()).containsExactly(1, -1);
        assertThat(result.losses()[0]).isCloseTo(-1 + Math.exp(-1), Offset.offset(1e-6));
        assertThat(result.gradients()[0]).isCloseTo(-0.5 / 3, Offset.offset(1e-6));
        assertThat(result.gradients()[1]).isCloseTo(Math.exp(-1) * 0.5 / 2, Offset.offset(1e-6));
    }

    /** Rejected f = 3 above a cap of 2: e² (1 + 3 - 2) = 2 e², slope e². The chosen side has no exponential. */
    @Test
    void capContinuesLinearly() {
        Result result = run(spec(Reduction.SUM, Map.of("exp_cap", 2.0)), Batch.ofRatios(9, 3));
        assertThat(result.losses()[0]).isCloseTo(-9 + 2 * Math.exp(2), Offset.offset(1e-5));
        assertThat(result.gradients()[0]).isEqualTo(-1);
        assertThat(result.gradients()[1]).isCloseTo(Math.exp(2), Offset.offset(1e-5));
    }

    /** The authors leave the reference out of the chosen term: another loss, the same gradient. */
    @Test
    void gradientIsThatOfTheAuthorsCode() {
        List<HeadGoldens.Case> cases = HeadGoldens.of("ukl_authors");
        try (HeadRunner runner = new HeadRunner(HeadSpec.of("ukl"))) {
            for (HeadGoldens.Case golden : cases) {
                double[] actual = runner.run(golden.batch()).gradients();
                for (int i = 0; i < actual.length; i++) {
                    double expected = golden.gradients()[i];
                    if (expected < Math.exp(30)) {
                        assertThat(actual[i])
                                .as(golden.name())
                                .isCloseTo(expected, Offset.offset(1e-8 + 1e-4 * Math.abs(expected)));
                    }
                }
            }
        }
    }
}
