package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
    private static final long SEED = Long.getLong("dil.seed", 20261127L);

    /** R: binom::binom.confint(x, n, methods = "wilson"). */
    @ParameterizedTest
    @CsvSource({
        "8, 10, 0.4901625, 0.9433178",
        "0, 10, 0, 0.2775328",
        "50, 100, 0.4038315, 0.5961685",
        "300, 300, 0.9873570, 1",
        "0, 0, 0, 1"
    })
    void wilsonsIntervalIsTheTabulatedOne(long successes, long trials, double low, double high) {
        Interval interval = Interval.wilson(successes, trials);

        assertThat(interval.low()).isCloseTo(low, within(1e-7));
        assertThat(interval.high()).isCloseTo(high, within(1e-7));
    }

    /** The bounds are the p at which (k / n - p)^2 = z^2 p (1 - p) / n: Wilson's own definition. */
    @Test
    void wilsonsBoundsSolveHisEquation() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 500; i++) {
            long trials = random.nextInt(2, 5000);
            long successes = random.nextLong(1, trials);
            double share = (double) successes / trials;
            Interval interval = Interval.wilson(successes, trials);
            Interval mirrored = Interval.wilson(trials - successes, trials);

            for (double bound : new double[] {interval.low(), interval.high()}) {
                double distance = Math.abs(share - bound) / Math.sqrt(bound * (1 - bound) / trials);
                assertThat(distance).as("seed %d", SEED).isCloseTo(1.959963985, within(1e-6));
            }
            assertThat(mirrored.low()).as("seed %d", SEED).isCloseTo(1 - interval.high(), within(1e-12));
        }
    }

    @Test
    void moreSuccessesThanTrialsAreRefused() {
        assertThatThrownBy(() -> Interval.wilson(3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 successes of 2");
    }

    /** Of 400 values, half of them 0 and half 1, the mean has error 0.5 / sqrt(400) = 0.025: 0.5 -+ 1.96 * 0.025. */
    @Test
    void aBootstrapComesNearTheNormalInterval() {
        double[] values = IntStream.range(0, 400).mapToDouble(i -> i % 2).toArray();

        Interval interval = Interval.bootstrap(values, 1);

        assertThat(interval.low()).isCloseTo(0.451, within(0.003));
        assertThat(interval.high()).isCloseTo(0.549, within(0.003));
    }

    @Test
    void aBootstrapIsThatOfItsSeed() {
        double[] values = {0, 0.5, 1, 1, 0, 0.5, 1};

        assertThat(Interval.bootstrap(values, 7)).isEqualTo(Interval.bootstrap(values, 7));
        assertThat(Interval.bootstrap(new double[] {1, 1, 1}, 7)).isEqualTo(new Interval(1, 1));
        assertThatThrownBy(() -> Interval.bootstrap(new double[0], 7)).isInstanceOf(IllegalArgumentException.class);
    }

    /** s^2 = (2.25 + 0.25 + 0.25 + 2.25) / 3 = 5/3; error sqrt(5/3 / 4). */
    @Test
    void aMeanHasItsError() {
        Mean mean = new Mean();
        IntStream.rangeClosed(1, 4).forEach(mean::add);

        assertThat(mean.value()).isEqualTo(2.5);
        assertThat(mean.error()).isCloseTo(Math.sqrt(5 / 12.0), within(1e-15));
        assertThat(new Mean().value()).isNaN();
    }

    /** p = 0.75, error sqrt(0.75 * 0.25 / 3) = 0.25. */
    @Test
    void aShareHasItsError() {
        Share share = Share.of(3, 4);

        assertThat(share.value()).isEqualTo(0.75);
        assertThat(share.error()).isEqualTo(0.25);
        assertThat(share.interval()).isEqualTo(Interval.wilson(3, 4));
        assertThat(Share.of(1, 1).error()).isZero();
        assertThatThrownBy(() -> Share.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
