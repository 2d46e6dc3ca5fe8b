package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenScoresTest {
    private static final long SEED = Long.getLong("dil.seed", 20261130L);

    /** Of logits ln 1, ln 5, ln 2, ln 2 the probabilities are 0.1, 0.5, 0.2, 0.2. */
    @Test
    void logprobsAreThoseOfSoftmax() {
        FloatBuffer logits =
                FloatBuffer.wrap(new float[] {0, (float) Math.log(5), (float) Math.log(2), (float) Math.log(2)});
        TokenScores scores = TokenScores.of(logits, 0, 3);

        assertThat(scores.chosen().logprob()).isCloseTo(Math.log(0.1), within(1e-6));
        assertThat(scores.top()).extracting(TokenScores.Scored::token).containsExactly(1, 2, 3);
        assertThat(scores.top().get(0).logprob()).isCloseTo(Math.log(0.5), within(1e-6));
        assertThat(TokenScores.of(logits, 2, 0).top()).isEmpty();
        assertThat(TokenScores.of(logits, 2, 20).top()).hasSize(4);
    }

    @Test
    void theBestAreThoseOfASort() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            float[] values = new float[1 + random.nextInt(60)];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(10);
            }
            int count = random.nextInt(21);
            List<Integer> expected = IntStream.range(0, values.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer id) -> -values[id]))
                    .limit(count)
                    .toList();
            assertThat(TokenScores.of(FloatBuffer.wrap(values), 0, count).top())
                    .as("%s, seed %d", Arrays.toString(values), SEED)
                    .extracting(TokenScores.Scored::token)
                    .isEqualTo(expected);
        }
    }
}
