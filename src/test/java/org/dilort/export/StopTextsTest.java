package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopTextsTest {
    private static final StopTexts STOPS = new StopTexts(List.of("END", "\n\n", "ENOUGH"));

    @ParameterizedTest
    @CsvSource({"abc, -1", "abEND, 2", "abENOUGHxEND, 2", "xENDENOUGH, 1", "EN, -1"})
    void findsTheFirst(String answer, int at) {
        assertThat(STOPS.indexIn(answer)).isEqualTo(at);
    }

    /** "abE" may become abEND; "abENx" may not. */
    @ParameterizedTest
    @CsvSource({"abc, 3", "abE, 2", "abEN, 2", "abENO, 2", "abENx, 5", "EE, 1", "END, 3"})
    void holdsBackWhatAStopMayBeginWith(String answer, int certain) {
        assertThat(STOPS.certain(answer)).isEqualTo(certain);
    }

    @Test
    void withoutStopsAllIsCertain() {
        assertThat(StopTexts.NONE.certain("abc")).isEqualTo(3);
        assertThat(StopTexts.NONE.indexIn("abc")).isEqualTo(StopTexts.ABSENT);
        assertThat(STOPS.certain("a\n")).isEqualTo(1);
    }
}
