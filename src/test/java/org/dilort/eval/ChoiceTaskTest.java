package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.error.DataException;
import org.dilort.export.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceTaskTest {
    private static final ChoiceQuestion QUESTION = new ChoiceQuestion("Q:", List.of("a", "bbbb"), 1);

    @TempDir
    private Path temp;

    /** Gives the n-th continuation of all the n-th number, and keeps what it was asked. */
    private record Scripted(List<Double> logps, List<TokenizedPair> asked) implements SequenceScorer {
        @Override
        public List<PairScore> score(List<TokenizedPair> pairs) {
            asked.addAll(pairs);
            List<PairScore> scores = new ArrayList<>();
            for (int i = 0; i < pairs.size(); i++) {
                scores.add(new PairScore(i, logps.get(i), 0, pairs.get(i).chosen().length, 0));
            }
            return scores;
        }

        @Override
        public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private Tokenizer tokenizer() {
        TestModels.addTokenizer("tokenizer-bytes", temp);
        return Tokenizer.open(temp);
    }

    /** -1 is more than -2, but -1 for one character is less than -2 for four. */
    @Test
    void theNormedChoiceIsTheOneOfTheBestCharacters() {
        ChoiceTask.Sample sample = new ChoiceTask.Sample(QUESTION, List.of(-1.0, -2.0));

        assertThat(sample.isRight()).isFalse();
        assertThat(sample.isRightByCharacter()).isTrue();
    }

    @Test
    void ofEqualChoicesTheFirstIsTaken() {
        ChoiceQuestion first = new ChoiceQuestion("Q:", List.of("a", "b"), 0);

        assertThat(new ChoiceTask.Sample(first, List.of(-1.0, -1.0)).isRight()).isTrue();
    }

    @Test
    void solvedExamplesStandBeforeTheQuestion() {
        ChoiceQuestion shot = new ChoiceQuestion("1?", List.of("x", "yes"), 1);
        Scripted scorer = new Scripted(List.of(-3.0, -1.0), new ArrayList<>());
        try (Tokenizer tokenizer = tokenizer()) {
            List<ChoiceTask.Sample> samples = new ChoiceTask("t", List.of(QUESTION), List.of(shot), " ")
                    .run(tokenizer, ChoiceTask.Begin.BOS, scorer, 100);

            assertThat(samples).containsExactly(new ChoiceTask.Sample(QUESTION, List.of(-3.0, -1.0)));
            assertThat(text(tokenizer, scorer.asked().get(1).trunk())).isEqualTo("<s>1? yes\n\nQ:");
            assertThat(text(tokenizer, scorer.asked().get(1).chosen())).isEqualTo(" bbbb");
        }
    }

    @Test
    void whiteSpaceAtTheEndGoesToTheContinuation() {
        try (Tokenizer tokenizer = tokenizer()) {
            Continuation continuation = Continuation.of(tokenizer, "ab  ", "c");

            assertThat(text(tokenizer, continuation.context())).isEqualTo("ab");
            assertThat(text(tokenizer, continuation.tokens())).isEqualTo("  c");
        }
    }

    @Test
    void aLongContextLosesItsBeginning() {
        try (Tokenizer tokenizer = tokenizer()) {
            Continuation whole = Continuation.of(tokenizer, "abcdefgh", "xy");

            assertThat(text(tokenizer, whole.within(5).context())).isEqualTo("fgh");
            assertThat(whole.within(10).context()).isEqualTo(whole.context());
            assertThatThrownBy(() -> whole.within(2))
                    .isInstanceOf(DataException.class)
                    .hasMessage("a continuation of 2 tokens, expected at most 1 (max_position_embeddings = 2)");
            assertThatThrownBy(() -> Continuation.of(tokenizer, "", "x"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("expected a context");
        }
    }

    private static String text(Tokenizer tokenizer, int[] ids) {
        return tokenizer.decode(ids, Tokenizer.SpecialText.KEEP);
    }

    /** Two of three right: p = 2/3, error sqrt(2/3 * 1/3 / 2) = 1/3. */
    @Test
    void resultsAreThoseOfTheHarness() throws IOException {
        ChoiceTask task = new ChoiceTask("t", List.of(QUESTION, QUESTION, QUESTION), List.of(), " ");
        ChoiceTask.Sample right = new ChoiceTask.Sample(QUESTION, List.of(-9.0, -1.0));
        ChoiceTask.Sample wrong = new ChoiceTask.Sample(QUESTION, List.of(-0.1, -8.0));
        Path file = temp.resolve("results.json");

        TaskResults.of(Path.of("m"), List.of(task.result(List.of(right, right, wrong))), Map.of())
                .write(file);

        JsonNode json = new ObjectMapper().readTree(Files.readString(file));
        JsonNode result = json.path("results").path("t");
        assertThat(result.path("acc,none").asDouble()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(result.path("acc_stderr,none").asDouble()).isCloseTo(1 / 3.0, within(1e-15));
        assertThat(result.path("acc_norm,none").asDouble()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(json.path("n-samples").path("t").path("effective").asInt()).isEqualTo(3);
        assertThat(json.path("n-shot").path("t").asInt()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                                                | query: missing",
                "{\"query\": \"q\"}                                | choices: missing",
                "{\"query\": \"q\", \"choices\": [\"a\", 1]}       | choices: got 1",
                "{\"query\": \"q\", \"choices\": [\"a\", \"\"]}    | choices: got \"\"",
                "{\"query\": \"q\", \"choices\": [\"a\"]}          | gold: got , expected 0 to 0",
                "{\"query\": \"q\", \"choices\": [\"a\"], \"gold\": 1} | gold: got 1, expected 0 to 0",
                "{                                                 | not JSON"
            })
    void whatIsWrongIsNamedWithItsLine(String line, String message) throws IOException {
        Path file = Files.writeString(
                temp.resolve("t.jsonl"), "{\"query\": \"q\", \"choices\": [\"a\"], \"gold\": 0}\n" + line + "\n");

        assertThatThrownBy(() -> ChoiceQuestion.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining(message);
    }

    @Test
    void aFileWithoutQuestionsIsRefused() throws IOException {
        Path file = Files.writeString(temp.resolve("t.jsonl"), "\n");

        assertThatThrownBy(() -> ChoiceQuestion.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no questions");
    }
}
