package org.dilort.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RangeTest {
    private static final Range FOCUS = new Range(-1, 1);

    private static Curve curve(DoubleUnaryOperator function) {
        double[] x = IntStream.rangeClosed(-5, 5).asDoubleStream().toArray();
        return new Curve("y", x, java.util.Arrays.stream(x).map(function).toArray());
    }

    private static void assertFits(DoubleUnaryOperator function, double low, double high) {
        Range range = Range.fitting(List.of(curve(function)), FOCUS);
        assertThat(range.low()).isCloseTo(low, Offset.offset(1e-9));
        assertThat(range.high()).isCloseTo(high, Offset.offset(1e-9));
    }

    @Test
    void curvesAreShownWholeWithATwentiethOfAir() {
        assertFits(x -> x, -5.5, 5.5);
        assertFits(x -> x * x + 5, 3.75, 31.25);
    }

    /** e^x reaches 2.7 in focus, which rounds to 2, and 148 in all; its least value is e^-5. */
    @Test
    void whatGrowsFarBeyondTheFocusIsCut() {
        double least = Math.exp(-5);
        assertFits(Math::exp, least - 0.05 * (2 - least), 2);
        assertFits(x -> -Math.exp(x), -2, -least + 0.05 * (2 - least));
    }

    @Test
    void constantStandsInTheMiddle() {
        assertFits(x -> 3, 0, 6);
        assertFits(x -> 0, -1, 1);
    }

    @Test
    void onlyFiniteNumbersCount() {
        assertFits(x -> x > 2 ? Double.NaN : x < -2 ? Double.POSITIVE_INFINITY : x, -2.2, 2.2);
        assertFits(x -> Double.NaN, -1, 1);
    }

    /** Nothing to go by in focus: the curve is shown whole. */
    @Test
    void curveThatVanishesInFocusIsShownWhole() {
        assertFits(x -> x > 4 ? 1000 : 0, -50, 1050);
    }

    @Test
    void rangeHasASize() {
        for (double high : new double[] {1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Range(1, high)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
