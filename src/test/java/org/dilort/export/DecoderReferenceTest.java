package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.dilort.model.RunLength;
import org.dilort.testing.reference.ReferenceDecoder;
import org.dilort.testing.reference.TinyConfigs;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exports of random models of every family, with their key-value cache, against the second decoder. */
class DecoderReferenceTest {
    private static final long SEED = Long.getLong("dil.seed", 20261203L);
    private static final int MODELS = 3;

    @TempDir
    private Path temp;

    private static Stream<Arguments> models() {
        return TinyConfigs.FAMILIES.stream()
                .flatMap(family -> IntStream.range(0, MODELS).mapToObj(i -> Arguments.of(family, SEED + i)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void decodesTokenByTokenAsTheReferenceDoes(String family, long seed) {
        ReferenceDecoder reference =
                ReferenceDecoder.random(TinyConfigs.of(family, seed), RunLength.SHORT.tokens(), seed);
        Path export = TestModels.export(reference.write(temp.resolve("model")), temp.resolve("export"));
        try (DecoderSession session = DecoderSession.ofExport(export, TestModels.ONE_THREAD)) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] tokens = TestModels.ids(
                    random, session.size().maxPositions(), session.size().vocabulary());
            int[] shown =
                    IntStream.of(tokens).limit(TinyConfigs.LONGEST_SEQUENCE).toArray();
            assertThat(decode(session, shown, 1 + (int) (seed % 3)))
                    .as("%s, seed %d", family, seed)
                    .containsExactly(reference.logProbs(shown), Offset.offset(2e-5));
        }
    }

    /** Log-probabilities of all tokens but the first, {@code step} of them fed at a time. */
    private static double[] decode(DecoderSession session, int[] tokens, int step) {
        double[] logProbs = new double[tokens.length - 1];
        int vocabulary = session.size().vocabulary();
        try (DecoderRun run = new DecoderRun(session, 1)) {
            for (int start = 0; start < logProbs.length; start += step) {
                int columns = Math.min(step, logProbs.length - start);
                TokenBlock block = TokenBlock.empty(1, columns);
                for (int column = 0; column < columns; column++) {
                    block.put(0, column, tokens[start + column], start + column);
                }
                FloatBuffer logits = run.forward(block);
                for (int column = 0; column < columns; column++) {
                    FloatBuffer own = logits.slice(column * vocabulary, vocabulary);
                    logProbs[start + column] = logProb(own, tokens[start + column + 1]);
                }
            }
        }
        return logProbs;
    }

    private static double logProb(FloatBuffer logits, int token) {
        double sum = IntStream.range(0, logits.limit())
                .mapToDouble(i -> Math.exp(logits.get(i)))
                .sum();
        return logits.get(token) - Math.log(sum);
    }
}
