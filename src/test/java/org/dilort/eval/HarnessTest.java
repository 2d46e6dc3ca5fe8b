package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.dilort.data.TokenizedPair;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Windows, words, filters and matches against those of lm-evaluation-harness itself; the file says by which functions. */
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
}
