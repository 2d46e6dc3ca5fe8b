package org.dilort.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.dilort.chart.Curve;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static Series of(double... values) {
        Series series = new Series();
        for (int i = 0; i < values.length; i++) {
            series.add(i + 1, values[i]);
        }
        return series;
    }

    @Test
    void fewPointsStayAsTheyAre() {
        Curve curve = of(3, Double.NaN, 1).curve("loss", 3);
        assertThat(curve.x()).containsExactly(1, 2, 3);
        assertThat(curve.y()).containsExactly(3, Double.NaN, 1);
        assertThat(curve.low()).isEqualTo(curve.y());
    }

    /** Seven points, at most three: groups of three, the last of one. Means (3 + 1 + 2) / 3, (8 + 4) / 2 without the gap, 5. */
    @Test
    void manyPointsAreTakenTogether() {
        Curve curve = of(3, 1, 2, 8, Double.NaN, 4, 5).curve("loss", 3);
        assertThat(curve.x()).containsExactly(3, 6, 7);
        assertThat(curve.y()).containsExactly(2, 6, 5);
        assertThat(curve.low()).containsExactly(1, 4, 5);
        assertThat(curve.high()).containsExactly(3, 8, 5);
    }

    @Test
    void aGroupOfGapsIsAGap() {
        Curve curve = of(Double.NaN, Double.POSITIVE_INFINITY, 2, 4).curve("loss", 2);
        assertThat(curve.y()).containsExactly(Double.NaN, 3);
    }

    @Test
    void mayBeginEarlier() {
        Series series = of(5, 6).after(0, 4);
        assertThat(series.steps()).containsExactly(0, 1, 2);
        assertThat(series.values()).containsExactly(4, 5, 6);
    }

    @Test
    void aStepThatWasThereIsLeftOut() {
        Series series = of(1, 2);
        series.add(2, 9);
        assertThat(series.values()).containsExactly(1, 2);
    }

    /** (2 + 4 + 9) / 3 = 5; deviations -3, -1, 4; (9 + 1 + 16) / 2 = 13. */
    @Test
    void spreadIsOfASample() {
        Spread spread = Spread.of(new double[] {2, 4, 9});
        assertThat(spread.mean()).isEqualTo(5);
        assertThat(spread.deviation()).isEqualTo(Math.sqrt(13));
        assertThat(Spread.of(new double[] {7}).deviation()).isZero();
        assertThat(Spread.of(new double[0]).mean()).isNaN();
    }
}
