package org.dilort.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksTest {

    private static List<String> texts(double low, double high) {
        return Ticks.of(new Range(low, high), 5).stream().map(Ticks::text).toList();
    }

    @Test
    void ticksAreRoundNumbersWithinTheRange() {
        assertThat(texts(-5, 5)).containsExactly("-4", "-2", "0", "2", "4");
        assertThat(texts(0, 1)).containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
        assertThat(texts(-0.31, -0.09)).containsExactly("-0.3", "-0.25", "-0.2", "-0.15", "-0.1");
        assertThat(texts(100, 1100)).containsExactly("200", "400", "600", "800", "1000");
    }

    @Test
    void ticksOfTinyAndHugeRangesHaveExponents() {
        assertThat(texts(0, 2e-9)).containsExactly("0", "5e-10", "1e-9", "1.5e-9", "2e-9");
        assertThat(texts(-1e30, 1e30)).containsExactly("-1e30", "-5e29", "0", "5e29", "1e30");
    }

    /** Between 2 and 5 the border is the square root of 10, 3.16; between 5 and 10 that of 50, 7.07. */
    @ParameterizedTest
    @CsvSource({"3.1, 2", "3.2, 5", "7, 5", "7.1, 10", "0.031, 0.02", "4000, 5000", "1, 1", "0, 0"})
    void roundsByRatio(double value, double expected) {
        assertThat(Ticks.round(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "11013.23, 11013",
        "-148.413, -148.41",
        "100000, 1e5",
        "123456, 1.2346e5",
        "0.00001, 1e-5",
        "-0.0, 0",
        "1e-4, 0.0001"
    })
    void numbersKeepFiveDigits(double value, String expected) {
        assertThat(Ticks.text(value, 5)).isEqualTo(expected);
    }
}
