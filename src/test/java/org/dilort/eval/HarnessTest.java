package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.export.TestModels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Windows, words, filters, matches and whole tasks against those of lm-evaluation-harness itself; the files say by which functions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarnessTest {
    private JsonNode harness;

    @BeforeAll
    void read() throws IOException {
        try (InputStream in = HarnessTest.class.getResourceAsStream("/eval/harness.json")) {
            harness = new ObjectMapper().readTree(in);
        }
    }

    private static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @Test
    void windowsAreTheHarnesss() {
        assertThat(harness.path("windows")).hasSize(60);
        for (JsonNode text : harness.path("windows")) {
            List<TokenizedPair> windows =
                    new RollingWindows(99, text.path("max_length").intValue()).of(ids(text.path("tokens")));

            assertThat(windows).hasSize(text.path("windows").size());
            for (int i = 0; i < windows.size(); i++) {
                JsonNode expected = text.path("windows").path(i);
                assertThat(windows.get(i).trunk()).as("%s", text).containsExactly(ids(expected.path(0)));
                assertThat(windows.get(i).chosen()).as("%s", text).containsExactly(ids(expected.path(1)));
            }
        }
    }

    @Test
    void wordsAndBytesAreTheHarnesss() {
        assertThat(harness.path("words")).hasSize(60);
        for (JsonNode text : harness.path("words")) {
            String content = text.path("text").textValue();

            assertThat(PerplexityTask.words(content))
                    .as("%s", text)
                    .isEqualTo(text.path("words").intValue());
            assertThat(content.getBytes(StandardCharsets.UTF_8))
                    .hasSize(text.path("bytes").intValue());
        }
    }

    @Test
    void answersAreFoundAndMatchedAsTheHarnessDoes() {
        assertThat(harness.path("answers")).hasSize(150);
        for (JsonNode answer : harness.path("answers")) {
            String text = answer.path("text").textValue();
            String expected = AnswerNorm.GSM8K.apply(answer.path("answer").textValue());
            String strict = AnswerFilter.STRICT.apply(text);
            String flexible = AnswerFilter.FLEXIBLE.apply(text);

            assertThat(strict).as("%s", answer).isEqualTo(answer.path("strict").textValue());
            assertThat(flexible)
                    .as("%s", answer)
                    .isEqualTo(answer.path("flexible").textValue());
            assertThat(AnswerNorm.GSM8K.apply(strict).equals(expected))
                    .as("%s", answer)
                    .isEqualTo(answer.path("strict_match").booleanValue());
            assertThat(AnswerNorm.GSM8K.apply(flexible).equals(expected))
                    .as("%s", answer)
                    .isEqualTo(answer.path("flexible_match").booleanValue());
        }
    }

    /** Gives each request the number that the harness's model gave it. */
    private record Table(Map<String, Double> logps, Tokenizer tokenizer) implements SequenceScorer {
        @Override
        public List<PairScore> score(List<TokenizedPair> pairs) {
            return pairs.stream()
                    .map(pair -> {
                        String request = text(pair.trunk()) + "\n|\n" + text(pair.chosen());
                        assertThat(logps).containsKey(request);
                        return new PairScore(pair.index(), logps.getOrDefault(request, Double.NaN), 0, 1, 0);
                    })
                    .toList();
        }

        private String text(int[] ids) {
            return tokenizer.decode(ids, Tokenizer.SpecialText.KEEP);
        }

        @Override
        public List<TokenLogps> tokenLogps(List<TokenizedPair> pairs) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }

    private static List<ChoiceQuestion> questions(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(question -> new ChoiceQuestion(
                        question.path("query").textValue(),
                        StreamSupport.stream(question.path("choices").spliterator(), false)
                                .map(JsonNode::textValue)
                                .toList(),
                        question.path("gold").intValue()))
                .toList();
    }

    /** 200 questions without and with two solved ones before: the requests, and acc, acc_norm and their errors. */
    @Test
    void aWholeChoiceTaskIsTheHarnesss(@TempDir Path folder) throws IOException {
        JsonNode task;
        try (InputStream in = HarnessTest.class.getResourceAsStream("/eval/harness-choice.json")) {
            task = new ObjectMapper().readTree(in);
        }
        List<ChoiceQuestion> all = questions(task.path("questions"));
        List<ChoiceQuestion> examples = questions(task.path("examples"));
        TestModels.addTokenizer("tokenizer-bytes", folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            for (JsonNode run : task.path("runs")) {
                Map<String, Double> logps = new HashMap<>();
                run.path("loglikelihoods")
                        .forEach(request -> logps.put(
                                request.path(0).textValue() + "\n|\n"
                                        + request.path(1).textValue(),
                                request.path(2).doubleValue()));
                List<ChoiceQuestion> shots =
                        examples.subList(0, run.path("shots").intValue());
                ChoiceTask choice = new ChoiceTask("task", all, shots, " ");

                TaskResult result = choice.result(
                        choice.run(tokenizer, ChoiceTask.Begin.BARE, new Table(logps, tokenizer), 100_000));

                assertThat(run.path("results")).hasSize(4);
                run.path("results")
                        .properties()
                        .forEach(expected -> assertThat(
                                        result.value(expected.getKey().replace(",none", "")))
                                .as(expected.getKey())
                                .isCloseTo(expected.getValue().doubleValue(), within(1e-12)));
            }
        }
    }
}
