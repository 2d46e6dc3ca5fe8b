package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.data.TokenizedPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogitsComparisonTest {
    private static final int VOCABULARY = 40;

    @TempDir
    private Path temp;

    private DecoderSession session(long seed) {
        Path model = TestModels.random(temp.resolve("model-" + seed), seed, config -> {});
        return DecoderSession.ofExport(TestModels.export(model, temp.resolve("export-" + seed)), TestModels.ONE_THREAD);
    }

    /** Softmax of the logits after each token of a sequence, {@code [tokens][vocabulary]}. */
    private static double[][] probabilities(DecoderSession session, int[] tokens) {
        TokenBlock block = TokenBlock.empty(1, tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            block.put(0, i, tokens[i], i);
        }
        double[][] rows = new double[tokens.length][VOCABULARY];
        try (DecoderRun run = new DecoderRun(session, 1)) {
            FloatBuffer logits = run.forward(block);
            for (int i = 0; i < tokens.length; i++) {
                double sum = 0;
                for (int id = 0; id < VOCABULARY; id++) {
                    rows[i][id] = Math.exp(logits.get(i * VOCABULARY + id));
                    sum += rows[i][id];
                }
                for (int id = 0; id < VOCABULARY; id++) {
                    rows[i][id] /= sum;
                }
            }
        }
        return rows;
    }

    /** Sequences of other lengths in one group, cut into calls of few columns: sum over the responses of p log(p / q). */
    @Test
    void klIsThatOfTheDistributionsOverTheResponses() {
        SplittableRandom random = new SplittableRandom(5);
        TokenizedPair pair = new TokenizedPair(
                0,
                TestModels.ids(random, 4, VOCABULARY),
                TestModels.ids(random, 7, VOCABULARY),
                TestModels.ids(random, 3, VOCABULARY));
        try (DecoderSession first = session(1).withLogitsPerCall(2 * 3 * VOCABULARY);
                DecoderSession second = session(2)) {
            LogitsComparison comparison =
                    LogitsComparison.of(first, second, SequenceRows.groups(List.of(pair), 1000), 2);

            double kl = 0;
            double[] logps = new double[2];
            for (SequenceRows.Row row : SequenceRows.of(List.of(pair))) {
                double[][] p = probabilities(first, row.tokens());
                double[][] q = probabilities(second, row.tokens());
                for (int i = row.scoredFrom(); i < row.tokens().length; i++) {
                    logps[row.number()] += Math.log(q[i - 1][row.tokens()[i]]);
                    for (int id = 0; id < VOCABULARY; id++) {
                        kl += p[i - 1][id] * Math.log(p[i - 1][id] / q[i - 1][id]);
                    }
                }
            }
            assertThat(comparison.tokens()).isEqualTo(10);
            assertThat(comparison.kl()).isGreaterThan(0.1).isCloseTo(kl / 10, within(1e-5));
            assertThat(comparison.secondLogps()).containsExactly(logps, within(1e-4));
        }
    }
}
