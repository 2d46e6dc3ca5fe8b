package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.dilort.data.TokenizedPair;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exported graph against PyTorch, and its cache and padding against a single full pass. */
class DecoderGoldenTest {
    private static final long SEED = 20240611;

    @TempDir
    private Path temp;

    static List<String> models() {
        return GoldenModel.ofAnyLength();
    }

    @ParameterizedTest
    @MethodSource("models")
    void logProbabilitiesAreThoseOfPyTorch(String name) {
        GoldenModel golden = GoldenModel.load(name);
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));
        List<TokenizedPair> pairs = TestModels.pairs(golden);

        try (DecoderScorer scorer = DecoderScorer.open(export, TestModels.ONE_THREAD)) {
            double[] actual = scorer.sequenceLogps(pairs);

            double[] expected = golden.numbers("/sequence_logps");
            for (int row = 0; row < expected.length; row++) {
                double logp = actual[2 * (row % golden.pairs()) + row / golden.pairs()];
                assertThat(logp).as("row %d", row).isCloseTo(expected[row], within(2e-5 * golden.responseLength(row)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void cachedDecodingIsTheFullPass(String name) {
        GoldenModel golden = GoldenModel.load(name);
        int[] tokens = TestModels.ids(new SplittableRandom(SEED), 20, 97);
        try (DecoderSession session = open(golden)) {
            float[] full = logits(session, List.of(tokens), tokens.length, Padding.RIGHT)
                    .get(0);
            for (int step : new int[] {1, 3, 7}) {
                assertClose(inSteps(session, tokens, step), full);
            }
        }
    }

    private static float[] inSteps(DecoderSession session, int[] tokens, int step) {
        List<float[]> parts = new ArrayList<>();
        try (DecoderRun run = new DecoderRun(session, 1)) {
            for (int start = 0; start < tokens.length; start += step) {
                int length = Math.min(step, tokens.length - start);
                TokenBlock block = TokenBlock.empty(1, length);
                for (int column = 0; column < length; column++) {
                    block.put(0, column, tokens[start + column], start + column);
                }
                parts.add(copy(run.forward(block)));
            }
        }
        return concatenated(parts);
    }

    /** Where the columns of a short sequence that hold no token are. */
    private enum Padding {
        LEFT,
        RIGHT,
        /** After the first token, so that columns and positions part within the sequence. */
        AFTER_THE_FIRST;

        int column(int i, int missing) {
            return switch (this) {
                case LEFT -> i + missing;
                case RIGHT -> i;
                case AFTER_THE_FIRST -> i == 0 ? 0 : i + missing;
            };
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aPaddedBatchIsTheSingleSequences(String name) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<int[]> sequences =
                List.of(TestModels.ids(random, 9, 97), TestModels.ids(random, 1, 97), TestModels.ids(random, 14, 97));
        try (DecoderSession session = open(GoldenModel.load(name))) {
            for (Padding padding : Padding.values()) {
                List<float[]> batch = logits(session, sequences, 14, padding);
                for (int i = 0; i < sequences.size(); i++) {
                    int[] sequence = sequences.get(i);
                    float[] alone = logits(session, List.of(sequence), sequence.length, padding)
                            .get(0);
                    assertClose(batch.get(i), alone);
                }
            }
        }
    }

    private DecoderSession open(GoldenModel golden) {
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));
        return DecoderSession.ofExport(export, TestModels.ONE_THREAD);
    }

    /** Logits of every sequence without those of padding, by one call. */
    private static List<float[]> logits(DecoderSession session, List<int[]> sequences, int length, Padding padding) {
        TokenBlock block = TokenBlock.empty(sequences.size(), length);
        for (int row = 0; row < sequences.size(); row++) {
            int[] tokens = sequences.get(row);
            for (int i = 0; i < tokens.length; i++) {
                block.put(row, padding.column(i, length - tokens.length), tokens[i], i);
            }
        }
        try (DecoderRun run = new DecoderRun(session, sequences.size())) {
            float[] all = copy(run.forward(block));
            int vocabulary = session.size().vocabulary();
            List<float[]> logits = new ArrayList<>();
            for (int row = 0; row < sequences.size(); row++) {
                int tokens = sequences.get(row).length;
                List<float[]> parts = new ArrayList<>();
                for (int i = 0; i < tokens; i++) {
                    int start = (row * length + padding.column(i, length - tokens)) * vocabulary;
                    parts.add(Arrays.copyOfRange(all, start, start + vocabulary));
                }
                logits.add(concatenated(parts));
            }
            return logits;
        }
    }

    private static float[] copy(FloatBuffer logits) {
        float[] copy = new float[logits.limit()];
        logits.get(0, copy);
        return copy;
    }

    private static float[] concatenated(List<float[]> parts) {
        FloatBuffer all = FloatBuffer.allocate(
                parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(all::put);
        return all.array();
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).as("seed %d", SEED).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("seed %d, logit %d", SEED, i).isCloseTo(expected[i], within(1e-5f));
        }
    }
}
