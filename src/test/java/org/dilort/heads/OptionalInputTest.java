package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.dilort.error.FormatException;
import org.dilort.heads.HeadRunner.Batch;
import org.dilort.heads.HeadRunner.Result;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.junit.jupiter.api.Test;

/** The heads that look further than at sums and lengths, against their formulas in float64. */
class OptionalInputTest {
    private static final long SEED = Long.getLong("dil.seed", 20261125L);
    private static final double BETA = 0.1;

    private static Batch batch(int pairs) {
        return Batch.random(new SplittableRandom(SEED), pairs, 4);
    }

    private static double f(Batch batch, int i) {
        return BETA * (batch.policy()[i] - batch.reference()[i]);
    }

    /**
     * delta after step n is the mean of the n steps' mean rewards, so after step 2 (m_1 + m_2) / 2; it is a constant in
     * the backward pass: d loss / d p_w = -beta sigmoid(delta - f_w).
     */
    @Test
    void bcoShiftsByTheRunningMeanReward() {
        try (HeadRunner run = new HeadRunner(HeadSpec.of("bco"))) {
            double[] state = {0, 0};
            double sumOfMeans = 0;
            for (int step = 1; step <= 3; step++) {
                Batch batch = Batch.random(new SplittableRandom(SEED + step), 4, 4);
                double mean = 0;
                for (int i = 0; i < 8; i++) {
                    mean += f(batch, i) / 8;
                }
                sumOfMeans += mean;
                Result result = run.run(batch, Map.of("state", Array.vector(state)));
                checkBco(batch, sumOfMeans / step, result);
                state = result.nextState();
                Close.loss(state[0], sumOfMeans / step, "delta after step " + step + " seed " + SEED);
                assertThat(state[1]).isEqualTo(step);
            }
        }
    }

    private static void checkBco(Batch batch, double delta, Result result) {
        for (int pair = 0; pair < batch.pairs(); pair++) {
            double w = f(batch, 2 * pair) - delta;
            double l = f(batch, 2 * pair + 1) - delta;
            String at = "pair " + pair + " seed " + SEED;
            Close.loss(result.losses()[pair], Formulas.softplus(-w) + Formulas.softplus(l), at);
            Close.gradient(result.gradients()[2 * pair], -BETA * Formulas.sigmoid(-w), at);
            Close.gradient(result.gradients()[2 * pair + 1], BETA * Formulas.sigmoid(l), at);
        }
    }

    /**
     * With a the mean over tokens of log p(token) - log sum p²: loss = e^(a_w + a_l) softplus(f_l - f_w), and the weight
     * is a constant: d loss / d p_w = -beta weight sigmoid(f_l - f_w).
     */
    @Test
    void wpoWeightsWithoutGradient() {
        Batch batch = batch(4);
        double[] collisions = new double[8];
        Arrays.setAll(collisions, i -> batch.policy()[i] + batch.lengths()[i] * (0.25 + 0.125 * i));
        HeadSpec spec = HeadSpec.of("wpo");
        try (HeadRunner run = new HeadRunner(spec)) {
            Result result = run.run(batch, Map.of("collision_logps", new Array(new long[] {4, 2}, collisions)));
            for (int pair = 0; pair < 4; pair++) {
                double weight = Math.exp(-(0.25 + 0.125 * 2 * pair) - (0.25 + 0.125 * (2 * pair + 1)));
                double z = f(batch, 2 * pair + 1) - f(batch, 2 * pair);
                String at = "pair " + pair + " seed " + SEED;
                Close.loss(result.losses()[pair], weight * Formulas.softplus(z), at);
                Close.gradient(result.gradients()[2 * pair], -BETA * weight * Formulas.sigmoid(z), at);
                Close.gradient(result.gradients()[2 * pair + 1], BETA * weight * Formulas.sigmoid(z), at);
            }
        }
    }

    /** Pair 1's targets come first, as packing may order them; each response's are consecutive. */
    private static final double[] SEQUENCES = {2, 2, 3, 3, 3, 0, 0, 0, 0, 1};

    private static final Batch LENGTHS_4_1_2_3 = new Batch(new double[4], new double[4], new double[] {4, 1, 2, 3});

    /**
     * Lengths 4 and 1: the chosen tail is its last three tokens. Lengths 2 and 3: the rejected tail is its last one.
     * With a = 1/4, r the tokens' log-ratios: f_w = beta (r_5 + (r_6 + r_7 + r_8) / 4), f_l = beta r_9 of pair 0, and
     * f_w = beta (r_0 + r_1), f_l = beta (r_2 + r_3 + r_4 / 4) of pair 1.
     */
    @Test
    void ldDpoWeighsTheTail() {
        double[] policy = {-1, -2, -0.5, -3, -8, -1.5, -2.5, -4, -0.25, -1};
        double[] reference = {-2, -1, -1.5, -2, -4, -2, -3.5, -2, -2.25, -0.5};
        double[] weights = {1, 1, 1, 1, 0.25, 1, 0.25, 0.25, 0.25, 1};
        double[] f = new double[4];
        for (int i = 0; i < 10; i++) {
            f[(int) SEQUENCES[i]] += BETA * weights[i] * (policy[i] - reference[i]);
        }
        HeadSpec spec = new HeadSpec(Heads.named("ld_dpo"), Reduction.SUM, Map.of("ld_alpha", 0.25));
        try (HeadRunner run = new HeadRunner(spec)) {
            Result result = run.run(
                    LENGTHS_4_1_2_3,
                    Map.of(
                            "token_logps", Array.vector(policy),
                            "reference_token_logps", Array.vector(reference),
                            "target_sequences", Array.vector(SEQUENCES)));
            for (int pair = 0; pair < 2; pair++) {
                Close.loss(result.losses()[pair], Formulas.softplus(f[2 * pair + 1] - f[2 * pair]), "pair " + pair);
            }
            for (int i = 0; i < 10; i++) {
                int pair = (int) SEQUENCES[i] / 2;
                double push = BETA * Formulas.sigmoid(f[2 * pair + 1] - f[2 * pair]);
                double expected = weights[i] * (SEQUENCES[i] % 2 == 0 ? -push : push);
                Close.gradient(result.gradients("token_logps")[i], expected, "token " + i);
                Close.loss(result.rewards()[(int) SEQUENCES[i]], f[(int) SEQUENCES[i]], "reward");
            }
        }
    }

    /**
     * The mean over pairs of the losses is the likelihood of all prompt and chosen tokens divided by their number, plus
     * the mean of orpo's penalty, which the difference to orpo shows.
     */
    @Test
    void orpoFullCountsThePrompt() {
        Batch batch = batch(3);
        double[] prompts = {-30, -12.5, -70.25};
        double[] promptLengths = {10, 3, 22};
        double sum = 0;
        double tokens = 0;
        double chosen = 0;
        for (int pair = 0; pair < 3; pair++) {
            sum -= prompts[pair] + batch.policy()[2 * pair];
            chosen -= batch.policy()[2 * pair];
            tokens += promptLengths[pair] + batch.lengths()[2 * pair];
        }
        try (HeadRunner run = new HeadRunner(HeadSpec.of("orpo_full"))) {
            Result full = run.run(
                    batch,
                    Map.of("prompt_logps", Array.vector(prompts), "prompt_lengths", Array.vector(promptLengths)));
            Result response = HeadRunner.run(HeadSpec.of("orpo"), batch);
            double difference = mean(full) - mean(response);
            Close.loss(difference, sum / tokens - chosen / batch.chosenTokens(), "seed " + SEED);
            for (double slope : full.gradients("prompt_logps")) {
                Close.gradient(slope, -3 / tokens, "prompt, seed " + SEED);
            }
        }
    }

    private static double mean(Result result) {
        return Arrays.stream(result.losses()).average().orElseThrow();
    }

    @Test
    void missingInputIsNamed() {
        GraphBuilder graph = new GraphBuilder("g");
        Dim pairs = Dim.of("pairs");
        Value columns = graph.input("columns", DType.FLOAT, pairs, Dim.of(2));
        Value counts = graph.input("counts", DType.FLOAT, Dim.of(2));
        HeadGraph.Bindings bindings = new HeadGraph.Bindings(columns, columns, columns, counts);
        assertThatThrownBy(() -> HeadGraph.inline(graph, HeadSpec.of("bco"), bindings))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("head bco: input")
                .hasMessageContaining("detached_logps");
    }

    @Test
    void headWithoutReferenceDoesNotAskForIt() {
        for (Head head : Heads.all()) {
            boolean asks = HeadGraph.build(HeadSpec.of(head.name()), DType.FLOAT).inputs().stream()
                    .anyMatch(input -> input.name().equals("reference_logps"));
            assertThat(asks).as(head.name()).isEqualTo(head.needsReference());
        }
    }
}
