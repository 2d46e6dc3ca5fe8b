package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dilort.error.DataException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pipeline on examples that pipelines get wrong; {@code awkward-pairs.json} says where its numbers come from. */
class AwkwardPairsTest {
    private static final Path RESOURCES = Path.of("src", "test", "resources", "data");
    private static final int VOCABULARY = 275;
    private static final List<JsonNode> EXAMPLES = new ArrayList<>();
    private static final Map<String, Truncation> MODES = Map.of(
            "default", Truncation.PROMPT_LEFT,
            "trl", Truncation.KEEP_START,
            "trl keep_end", Truncation.KEEP_END,
            "dil-authors", Truncation.KEEP_END,
            "dil-authors keep_start", Truncation.KEEP_START);

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.open(RESOURCES.resolve("tokenizer-bytes"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static Stream<String> names() throws IOException {
        EXAMPLES.clear();
        JsonNode file = new ObjectMapper()
                .readTree(RESOURCES.resolve("awkward-pairs.json").toFile());
        file.get("examples").forEach(EXAMPLES::add);
        return EXAMPLES.stream().map(example -> example.get("name").textValue());
    }

    @Test
    void thereAreManyOfThem() throws IOException {
        assertThat(names().distinct()).hasSizeGreaterThanOrEqualTo(40);
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPipelineGivesTheTokensOfItsOriginal(String name) {
        JsonNode example = EXAMPLES.stream()
                .filter(each -> each.get("name").textValue().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(MODES.keySet())
                .allSatisfy(mode ->
                        assertTokens(mode, example, example.get("expected").get(mode)));
    }

    private static void assertTokens(String mode, JsonNode example, JsonNode expected) {
        if (expected.asText().equals("refused")) {
            assertThatThrownBy(() -> tokenize(mode, example)).isInstanceOf(DataException.class);
            return;
        }
        Optional<TokenizedPair> pair = tokenize(mode, example);
        assertThat(pair.isEmpty()).as("dropped").isEqualTo(expected.asText().equals("dropped"));
        pair.ifPresent(tokens -> {
            assertThat(tokens.chosenPrompt()).as("prompt of chosen").isEqualTo(ids(expected, "chosen_prompt"));
            assertThat(tokens.chosen()).as("chosen").isEqualTo(ids(expected, "chosen"));
            assertThat(tokens.rejectedPrompt()).as("prompt of rejected").isEqualTo(ids(expected, "rejected_prompt"));
            assertThat(tokens.rejected()).as("rejected").isEqualTo(ids(expected, "rejected"));
        });
    }

    private static Optional<TokenizedPair> tokenize(String mode, JsonNode example) {
        Preset preset =
                Preset.valueOf(mode.replaceFirst(" .*", "").replace('-', '_').toUpperCase(java.util.Locale.ROOT));
        int maxLength = example.path("max_length").asInt(512);
        int maxPrompt = preset == Preset.DIL_AUTHORS ? maxLength / 2 : TokenLimits.NO_LIMIT;
        Truncation truncation = Objects.requireNonNull(MODES.get(mode), mode);
        TokenLimits limits =
                new TokenLimits(maxLength, example.path("max_prompt_length").asInt(maxPrompt), truncation);
        ChatTemplate template = template(example.path("template").asText());
        return PairTokenizer.of(tokenizer, template, VOCABULARY, limits, preset)
                .tokenize(example(example), 0, new DataTally());
    }

    private static PreferenceExample example(JsonNode example) {
        SourceLine source = new SourceLine(Path.of("awkward-pairs.json"), 1);
        if (example.has("template")) {
            return new PreferenceExample.Messages(
                    source, messages(example, "prompt"), messages(example, "chosen"), messages(example, "rejected"));
        }
        return new PreferenceExample.Text(
                source,
                example.get("prompt").textValue(),
                example.get("chosen").textValue(),
                example.get("rejected").textValue());
    }

    private static List<Message> messages(JsonNode example, String field) {
        return StreamSupport.stream(example.get(field).spliterator(), false)
                .map(message -> new Message(
                        message.get("role").textValue(), message.get("content").textValue()))
                .toList();
    }

    private static ChatTemplate template(String name) {
        return name.equals("bracket")
                ? new FakeTemplate("<s>", "[%s]\n%s</s>", "[assistant]\n", "")
                : new FakeTemplate("", "<|%s|>\n%s</s>\n", "<|assistant|>\n", "knows system");
    }

    private static int[] ids(JsonNode expected, String field) {
        return StreamSupport.stream(expected.get(field).spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
