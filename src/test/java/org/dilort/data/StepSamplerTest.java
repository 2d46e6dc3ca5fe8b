package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepSamplerTest {

    @Test
    void shufflesAsDocumented() {
        // From a second implementation of SplitMix64 and of the shuffle.
        StepSampler sampler = new StepSampler(10, 10, 42, StepSampler.Order.SHUFFLED);

        assertThat(sampler.batch(0)).containsExactly(8, 3, 6, 5, 4, 0, 9, 2, 1, 7);
        assertThat(sampler.batch(1)).containsExactly(3, 5, 1, 7, 2, 4, 6, 9, 8, 0);
    }

    @Test
    void showsEveryPairOnceAnEpochAndKeepsTheLastPartialBatch() {
        StepSampler sampler = new StepSampler(10, 4, 7, StepSampler.Order.SHUFFLED);

        assertThat(sampler.stepsPerEpoch()).isEqualTo(3);
        assertThat(sampler.batch(2)).hasSize(2);
        assertThat(sampler.batch(5)).hasSize(2);
        for (int epoch = 0; epoch < 3; epoch++) {
            int first = 3 * epoch;
            int[] seen = IntStream.range(first, first + 3)
                    .flatMap(step -> Arrays.stream(sampler.batch(step)))
                    .sorted()
                    .toArray();
            assertThat(seen).isEqualTo(IntStream.range(0, 10).toArray());
        }
    }

    @Test
    void needsNoHistoryToGoOn() {
        StepSampler first = new StepSampler(100, 7, 3, StepSampler.Order.SHUFFLED);
        for (long step = 0; step < 40; step++) {
            int[] resumed = new StepSampler(100, 7, 3, StepSampler.Order.SHUFFLED).batch(step);
            assertThat(resumed).as("step %d", step).isEqualTo(first.batch(step));
        }
        assertThat(first.batch(2)).isEqualTo(new StepSampler(100, 7, 3, StepSampler.Order.SHUFFLED).batch(2));
    }

    @Test
    void keepsTheOrderOfTheDataWhereAsked() {
        StepSampler sampler = new StepSampler(5, 2, 1, StepSampler.Order.SEQUENTIAL);

        assertThat(sampler.batch(0)).containsExactly(0, 1);
        assertThat(sampler.batch(2)).containsExactly(4);
        assertThat(sampler.batch(3)).containsExactly(0, 1);
    }

    @Test
    void takesAllPairsWhereTheBatchIsLarger() {
        StepSampler sampler = new StepSampler(3, 64, 1, StepSampler.Order.SEQUENTIAL);

        assertThat(sampler.stepsPerEpoch()).isEqualTo(1);
        assertThat(sampler.batch(9)).containsExactly(0, 1, 2);
    }

    @Test
    void putsEveryPairInEveryPlaceAboutEquallyOften() {
        long seed = 5;
        StepSampler sampler = new StepSampler(6, 6, seed, StepSampler.Order.SHUFFLED);
        int[][] counts = new int[6][6];
        for (int epoch = 0; epoch < 6000; epoch++) {
            int[] order = sampler.batch(epoch);
            for (int place = 0; place < 6; place++) {
                counts[place][order[place]]++;
            }
        }

        // 1000 expected, standard deviation 29.
        assertThat(Arrays.stream(counts).flatMapToInt(Arrays::stream).boxed().toList())
                .as("seed %d", seed)
                .allMatch(count -> count > 855 && count < 1145);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "-4, 2"})
    void refusesNothingToSample(int pairs, int batchPairs) {
        assertThatThrownBy(() -> new StepSampler(pairs, batchPairs, 1, StepSampler.Order.SHUFFLED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pairs = " + pairs);
    }

    @Test
    void refusesANegativeStep() {
        assertThatThrownBy(() -> new StepSampler(3, 1, 1, StepSampler.Order.SHUFFLED).batch(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step = -1, expected at least 0");
    }
}
