package org.dilort.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkedProblemTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    47+38= | ones 7+8=15, tens 4+3+1=8, answer 85
                    78+65= | ones 8+5=13, tens 7+6+1=14, answer 143
                    42+31= | ones 2+1=3, tens 4+3=7, answer 73
                    82-47= | ones 12-7=5, tens 8-4-1=3, answer 35
                    89-47= | ones 9-7=2, tens 8-4=4, answer 42
                    """)
    void acceptsRightWork(String prompt, String response) {
        assertThat(WorkedProblem.parse(prompt, response).isRight()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    47+38= | ones 7+8=15, tens 4+3=7, answer 75
                    47+38= | ones 7+8=14, tens 4+3+1=8, answer 84
                    47+38= | ones 7+8=15, tens 4+3+1=9, answer 95
                    47+38= | ones 7+8=15, tens 4+3+1=8, answer 84
                    47+38= | ones 7+8=14, tens 4+3+1=8, answer 85
                    47+38= | ones 7+8=15, tens 4+3+1=7, answer 85
                    47+38= | ones 8+7=15, tens 4+3+1=8, answer 85
                    47+38= | ones 7+8=15, tens 3+4+1=8, answer 85
                    82-47= | ones 12-7=5, tens 8-4=4, answer 45
                    82-47= | ones 2+7=9, tens 8+4=12, answer 129
                    """)
    void refusesWrongWork(String prompt, String response) {
        assertThat(WorkedProblem.parse(prompt, response).isRight()).isFalse();
    }

    @Test
    void refusesWhatIsNoWork() {
        assertThatThrownBy(() -> WorkedProblem.parse("47+38=", "85"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"85\" is not of the form");
        assertThatThrownBy(() -> WorkedProblem.parse("7+8=", "ones 7+8=15, tens 0+0+1=1, answer 15"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"7+8=\" is not of the form");
    }
}
