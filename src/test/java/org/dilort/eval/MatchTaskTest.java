package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.dilort.error.ConfigException;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTaskTest {
    private static final MatchQuestion QUESTION =
            new MatchQuestion("How many?", "First 1,000 and 200.\nThen #, more.\n#### 1,200");

    @TempDir
    private Path temp;

    private static MatchTask task(List<MatchQuestion> questions, List<MatchQuestion> shots) {
        return new MatchTask(
                "gsm8k",
                questions,
                shots,
                MatchTask.DEFAULT_TEMPLATE,
                " ",
                List.of(AnswerFilter.STRICT, AnswerFilter.FLEXIBLE),
                AnswerNorm.GSM8K);
    }

    /** Strict, flexible and what they leave after the norm, as the harness's filters and exact_match give them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "so 1,200 #### 1,200.      | 1,200.    | 1,200.  | 1200",
                "#### -7                   | -7        | -7      | -7",
                "It is $18. No, 5          | [invalid] | 5       | 5",
                "It costs $1,250.00.       | [invalid] | $1,250.00. | 1250.00",
                "#### 3 then #### 4        | 3         | 4       | 4",
                "nothing                   | [invalid] | [invalid] | [invalid]",
                "7 ..                      | [invalid] | ..      | ."
            })
    void filtersAreThoseOfGsm8k(String text, String strict, String flexible, String normed) {
        assertThat(AnswerFilter.STRICT.apply(text)).isEqualTo(strict);
        assertThat(AnswerFilter.FLEXIBLE.apply(text)).isEqualTo(flexible);
        assertThat(AnswerNorm.GSM8K.apply(AnswerFilter.FLEXIBLE.apply(text))).isEqualTo(normed);
    }

    @Test
    void theExpectedAnswerIsWhatStandsBehindTheMarks() {
        assertThat(AnswerNorm.GSM8K.apply(QUESTION.answer())).isEqualTo("1200");
        assertThat(AnswerNorm.of(List.of("[aeiou]")).apply("A Vowel")).isEqualTo("a vwl");
        assertThat(new AnswerFilter("f", Pattern.compile("b+"), AnswerFilter.Take.LAST).apply("b abb c"))
                .isEqualTo("bb");
    }

    @Test
    void solvedExamplesStandBeforeTheQuestion() {
        MatchQuestion shot = new MatchQuestion("1+1?", "#### 2");

        assertThat(task(List.of(QUESTION), List.of(shot)).prompt(QUESTION))
                .isEqualTo("Question: 1+1?\nAnswer: #### 2\n\nQuestion: How many?\nAnswer:");
    }

    /** Strict: one of three; flexible: two of three, p = 2/3, error sqrt(2/9 / 2) = 1/3. */
    @Test
    void everyFilterHasItsExactMatch() {
        List<String> texts = new ArrayList<>(List.of("#### 1200", "1,200", "none"));
        List<Integer> progress = new ArrayList<>();
        MatchTask task = task(List.of(QUESTION, QUESTION, QUESTION), List.of());

        List<MatchTask.Sample> samples = task.run(prompts -> texts, progress::add);
        TaskResult result = task.result(samples);

        assertThat(result.values().keySet())
                .contains(
                        "exact_match,strict-match",
                        "exact_match_stderr,strict-match",
                        "exact_match,flexible-extract",
                        "exact_match_stderr,flexible-extract");
        assertThat(result.value("exact_match", "strict-match")).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(result.value("exact_match", "flexible-extract")).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(result.value("exact_match_stderr", "flexible-extract")).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(samples.get(1).found()).containsEntry("strict-match", "[invalid]");
        assertThat(progress).containsExactly(3);
    }

    @Test
    void aTemplateWithoutQuestionIsRefused() {
        assertThatThrownBy(() -> new MatchTask("t", List.of(), List.of(), "Q:", " ", List.of(), AnswerNorm.GSM8K))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--template: got \"Q:\", expected a text with {question}");
    }

    @Test
    void aPatternThatBacktracksWithoutEndIsRefused() {
        AnswerFilter filter = new AnswerFilter("f", Pattern.compile("(a|aa)+b\\1"), AnswerFilter.Take.FIRST);

        assertThatThrownBy(() -> filter.apply("a".repeat(60)))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("filter f: (a|aa)+b\\1 backtracks without end");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"question\": \"q\"}                     | answer: got nothing",
                "{\"question\": \"\", \"answer\": \"a\"} | question: got \"\"",
                "{\"question\": [\"q\"], \"answer\": 1}  | question: got [\"q\"]",
                "{\"question\"                             | not JSON"
            })
    void whatIsWrongIsNamedWithItsLine(String line, String message) throws IOException {
        Path file = Files.writeString(temp.resolve("q.jsonl"), "{\"question\": \"q\", \"answer\": 3}\n" + line + "\n");

        assertThatThrownBy(() -> MatchQuestion.read(file, 10))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining(message);
        assertThat(MatchQuestion.read(file, 1)).containsExactly(new MatchQuestion("q", "3"));
    }

    @Test
    void aFileWithoutQuestionsIsRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("q.jsonl"), "");

        assertThatThrownBy(() -> MatchQuestion.read(file, 10))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no questions");
    }
}
