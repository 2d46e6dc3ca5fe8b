package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final int ALL = Sampling.Random.ALL_TOKENS;
    private static final long SEED = 5;

    @Test
    void greedyTakesTheFirstOfTheGreatest() {
        Sampling.TokenChooser greedy = new Sampling.Greedy().chooser(0);

        assertThat(greedy.choose(logits(-3, -1, -1, -2))).isEqualTo(1);
        assertThat(greedy.choose(logits(Float.NEGATIVE_INFINITY, -1e30f))).isEqualTo(1);
    }

    @Test
    void refusesLogitsThatAreNoNumbers() {
        FloatBuffer broken = logits(1, Float.NaN, 2);

        assertThatThrownBy(() -> new Sampling.Greedy().chooser(0).choose(broken))
                .isInstanceOf(ExportFailure.class)
                .hasMessage("the logit of token 1 is NaN");
        for (int topK : new int[] {ALL, 2}) {
            Sampling random = new Sampling.Random(1, topK, 1, SEED);
            assertThatThrownBy(() -> random.chooser(0).choose(broken))
                    .isInstanceOf(ExportFailure.class)
                    .hasMessage("the greatest logit is NaN");
        }
    }

    @Test
    void drawsWithTheProbabilitiesOfSoftmax() {
        FloatBuffer logits = logits((float) Math.log(0.5), (float) Math.log(0.2), (float) Math.log(0.3));
        double[] shares = shares(new Sampling.Random(1, ALL, 1, SEED), logits);

        assertThat(shares).containsExactly(new double[] {0.5, 0.2, 0.3}, within(0.02));
    }

    @Test
    void temperatureSharpensAndFlattens() {
        // 0.5 : 0.25 to the power 1 / temperature
        FloatBuffer logits = logits((float) Math.log(0.5), (float) Math.log(0.25));

        assertThat(shares(new Sampling.Random(0.5, ALL, 1, SEED), logits)[0]).isCloseTo(0.8, within(0.02));
        assertThat(shares(new Sampling.Random(2, ALL, 1, SEED), logits)[0])
                .isCloseTo(Math.sqrt(2) / (1 + Math.sqrt(2)), within(0.02));
    }

    @Test
    void topKKeepsTheMostProbable() {
        double[] shares = shares(new Sampling.Random(1, 2, 1, SEED), logits(0, 5, -1, 5));

        assertThat(shares).containsExactly(new double[] {0, 0.5, 0, 0.5}, within(0.02));
    }

    @Test
    void topPKeepsTheFewestThatReachIt() {
        FloatBuffer logits =
                logits((float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.2), (float) Math.log(0.3));

        assertThat(shares(new Sampling.Random(1, ALL, 0.69, SEED), logits))
                .containsExactly(new double[] {0, 4 / 7.0, 0, 3 / 7.0}, within(0.02));
        assertThat(shares(new Sampling.Random(1, ALL, 1e-9, SEED), logits)).containsExactly(0, 1, 0, 0);
    }

    @Test
    void topPActsOnWhatTopKLeaves() {
        FloatBuffer logits = logits((float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.3));

        // of the first two, 4/7 and 3/7, the first is enough for a half
        assertThat(shares(new Sampling.Random(1, 2, 0.5, SEED), logits)).containsExactly(1, 0, 0);
    }

    @Test
    void sequencesDrawIndependently() {
        Sampling sampling = new Sampling.Random(1, ALL, 1, SEED);
        FloatBuffer logits = logits(new float[64]);

        assertThat(draws(sampling, 0, logits)).isEqualTo(draws(sampling, 0, logits));
        assertThat(draws(sampling, 1, logits)).isNotEqualTo(draws(sampling, 0, logits));
    }

    @Test
    void refusesSettingsOutOfRange() {
        assertRefused(() -> new Sampling.Random(0, 1, 1, SEED), "temperature: got 0.0, expected a number > 0");
        assertRefused(() -> new Sampling.Random(Double.NaN, 1, 1, SEED), "temperature: got NaN, expected a number > 0");
        assertRefused(() -> new Sampling.Random(1, 0, 1, SEED), "top_k: got 0, expected at least 1");
        assertRefused(() -> new Sampling.Random(1, 1, 0, SEED), "top_p: got 0.0, expected a number > 0 and <= 1");
        assertRefused(() -> new Sampling.Random(1, 1, 1.1, SEED), "top_p: got 1.1, expected a number > 0 and <= 1");
        assertRefused(() -> GenerationSettings.greedy(0), "max_new_tokens: got 0, expected at least 1");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable made, String message) {
        assertThatThrownBy(made).isInstanceOf(ConfigException.class).hasMessage(message);
    }

    private static FloatBuffer logits(float... values) {
        return FloatBuffer.wrap(values);
    }

    private static double[] shares(Sampling sampling, FloatBuffer logits) {
        Sampling.TokenChooser chooser = sampling.chooser(0);
        double[] shares = new double[logits.limit()];
        int draws = 5000;
        for (int i = 0; i < draws; i++) {
            shares[chooser.choose(logits)] += 1.0 / draws;
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.rint(shares[i] * 1e9) / 1e9;
        }
        return shares;
    }

    private static int[] draws(Sampling sampling, int sequence, FloatBuffer logits) {
        Sampling.TokenChooser chooser = sampling.chooser(sequence);
        int[] draws = new int[10];
        for (int i = 0; i < draws.length; i++) {
            draws[i] = chooser.choose(logits);
        }
        return draws;
    }
}
