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
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(ints = {1, 3, 7})
    void cachedDecodingIsTheFullPass(int step) {
        GoldenModel golden = GoldenModel.load("llama_rope_llama3");
        int[] tokens = TestModels.ids(new SplittableRandom(SEED), 20, 97);
        try (DecoderSession session = open(golden)) {
            float[] full = logits(session, List.of(tokens), tokens.length, 0).get(0);

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
            assertClose(concatenated(parts), full);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPaddedBatchIsTheSingleSequences(boolean leftPadded) {
        GoldenModel golden = GoldenModel.load("llama_gqa_untied");
        SplittableRandom random = new SplittableRandom(SEED);
        List<int[]> sequences =
                List.of(TestModels.ids(random, 9, 97), TestModels.ids(random, 1, 97), TestModels.ids(random, 14, 97));
        try (DecoderSession session = open(golden)) {
            List<float[]> batch = logits(session, sequences, 14, leftPadded ? 1 : 0);
            for (int i = 0; i < sequences.size(); i++) {
                int[] sequence = sequences.get(i);
                float[] alone =
                        logits(session, List.of(sequence), sequence.length, 0).get(0);
                assertClose(batch.get(i), alone);
            }
        }
    }

    private DecoderSession open(GoldenModel golden) {
        Path export = TestModels.export(golden.folder(), temp.resolve("export"));
        return DecoderSession.ofExport(export, TestModels.ONE_THREAD);
    }

    /** Logits of every sequence without those of padding, by one call; padding on the left times {@code left}. */
    private static List<float[]> logits(DecoderSession session, List<int[]> sequences, int length, int left) {
        TokenBlock block = TokenBlock.empty(sequences.size(), length);
        for (int row = 0; row < sequences.size(); row++) {
            int[] tokens = sequences.get(row);
            int padding = left * (length - tokens.length);
            for (int i = 0; i < tokens.length; i++) {
                block.put(row, padding + i, tokens[i], i);
            }
        }
        try (DecoderRun run = new DecoderRun(session, sequences.size())) {
            float[] all = copy(run.forward(block));
            int vocabulary = session.size().vocabulary();
            List<float[]> logits = new ArrayList<>();
            for (int row = 0; row < sequences.size(); row++) {
                int padding = left * (length - sequences.get(row).length);
                int start = (row * length + padding) * vocabulary;
                logits.add(Arrays.copyOfRange(all, start, start + sequences.get(row).length * vocabulary));
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
