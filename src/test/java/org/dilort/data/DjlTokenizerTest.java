package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.FormatException;
import org.dilort.input.SourceLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code tokenizer-bytes} is a byte-level BPE of 275 tokens: three special ones, byte b as 3 + b, and a few merges,
 * among them "the" 260, " yes" 269 and "12" 266. {@code tokenizer-words} puts "▁" before the first word, as Llama 2
 * does.
 */
class DjlTokenizerTest {
    private static final TokenLimits WIDE = new TokenLimits(10_000, TokenLimits.NO_LIMIT, Truncation.FAIL);

    @TempDir
    private Path folder;

    @BeforeEach
    void copyTokenizer() throws IOException {
        TestFolders.copy("tokenizer-bytes", "tokenizer.json", folder);
        TestFolders.copy("tokenizer-bytes", "tokenizer_config.json", folder);
    }

    @Test
    void encodesWithoutSpecialTokens() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("the 12 yes")).containsExactly(260, 3 + ' ', 266, 269);
            assertThat(tokenizer.encode("")).isEmpty();
            assertThat(tokenizer.encode("é")).containsExactly(3 + 0xC3, 3 + 0xA9);
        }
    }

    @Test
    void findsSpecialTokensInsideATextAsHuggingFaceDoes() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("<s>12</s>")).containsExactly(1, 266, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "the 12 yes", " two  spaces ", "line\r\n\tend\n\n", "emoji 😀 and é, ü, 漢字", "nul \u0000 too"
            })
    void decodesWhatItEncoded(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.decode(tokenizer.encode(text), Tokenizer.SpecialText.KEEP))
                    .isEqualTo(text);
        }
    }

    @Test
    void decodesWithAndWithoutSpecialTokens() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.decode(new int[] {1, 266, 2}, Tokenizer.SpecialText.KEEP))
                    .isEqualTo("<s>12</s>");
            assertThat(tokenizer.decode(new int[] {1, 266, 2}, Tokenizer.SpecialText.SKIP))
                    .isEqualTo("12");
        }
    }

    @Test
    void readsSpecialTokensAndVocabulary() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, 0, true, false));
            assertThat(tokenizer.vocabularySize()).isEqualTo(275);
        }
    }

    @Test
    void neitherCutsNorPadsEvenWhereTheFileAsksForIt() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        String truncation =
                "\"truncation\": {\"direction\": \"Right\", \"max_length\": 4, \"strategy\": \"LongestFirst\","
                        + " \"stride\": 0}";
        String padding = "\"padding\": {\"strategy\": {\"Fixed\": 9000}, \"direction\": \"Right\","
                + " \"pad_to_multiple_of\": null, \"pad_id\": 0, \"pad_type_id\": 0, \"pad_token\": \"<pad>\"}";
        String json = Files.readString(file);
        assertThat(json).contains("\"truncation\": null", "\"padding\": null");
        Files.writeString(file, json.replace("\"truncation\": null", truncation).replace("\"padding\": null", padding));

        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("z".repeat(3000))).hasSize(3000).containsOnly(3 + 'z');
        }
    }

    @Test
    void staysOfflineOnItsOwn() {
        Map<String, String> before = new HashMap<>();
        List.of("RUST_FLAVOR", "ai.djl.offline").forEach(key -> before.put(key, System.clearProperty(key)));
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("z")).hasSize(1);
            assertThat(setting("RUST_FLAVOR", "RUST_FLAVOR")).isEqualTo("cpu");
            assertThat(setting("DJL_OFFLINE", "ai.djl.offline")).isEqualTo("true");
        } finally {
            before.entrySet().removeIf(entry -> entry.getValue() == null);
            before.forEach(System::setProperty);
        }
    }

    @Test
    void leavesTheUsersOwnSettingAlone() {
        String before = System.setProperty("ai.djl.offline", "TRUE");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.encode("z")).hasSize(1);
            assertThat(System.getProperty("ai.djl.offline")).isEqualTo("TRUE");
        } finally {
            System.setProperty("ai.djl.offline", before == null ? "true" : before);
        }
    }

    @Test
    void asksThePostProcessorWhetherBosIsAddedWhereNoFileSaysSo() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, SpecialTokens.NONE, true, false));
        }

        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<pad>\", \"eos_token\": \"</s>\"}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.specialTokens().usesBos()).isFalse();
        }
    }

    @Test
    void tokenisesAPairFromEndToEnd() {
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            TokenizedPair pair = tokenize(tokenizer, "<s>the 1", "2</s>", " yes");

            // "1" and "2" would merge into 266, so the response "2" is kept apart.
            assertThat(pair.trunk()).containsExactly(1, 260, 3 + ' ', 3 + '1');
            assertThat(pair.chosen()).containsExactly(3 + '2', 2);
            assertThat(pair.rejected()).containsExactly(269, 2);
        }
    }

    @Test
    void putsNoSecondSpaceBeforeAResponseThatIsKeptApart() throws IOException {
        Files.delete(folder.resolve("tokenizer_config.json"));
        TestFolders.copy("tokenizer-words", "tokenizer.json", folder);
        TestFolders.copy("tokenizer-words", "special_tokens_map.json", folder);
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            TokenizedPair pair = tokenize(tokenizer, "is it: ", "yes", "no");

            // The last token of the prompt is the space, "▁" = 3, which would merge into "▁yes" = 35.
            assertThat(tokenizer.encode("is it: ")).endsWith(3);
            assertThat(tokenizer.encode("is it: yes")).hasSize(8).endsWith(35);
            assertThat(text(tokenizer, pair.trunk(), pair.chosen())).isEqualTo("is it: yes");
            assertThat(text(tokenizer, pair.trunk(), pair.rejected())).isEqualTo("is it: no");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"model\": {\"type\": \"BPE\"}}",
                "{\"model\": {\"vocab\": {\"a\": \"b\"}}}"
            })
    void refusesADamagedFile(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json").toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void refusesAModelThatTheLibraryDoesNotKnow() throws IOException {
        Files.delete(folder.resolve("tokenizer_config.json"));
        Files.writeString(
                folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"Riddle\", \"vocab\": {\"a\": 0}}}");

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": not a tokenizer that can be loaded: ");
    }

    @Test
    void refusesASpecialTokenWithoutAnId() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|end|>\"}");

        assertThatThrownBy(() -> Tokenizer.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder + ": eos_token is '<|end|>', which tokenizer.json has no id for");
    }

    private static TokenizedPair tokenize(Tokenizer tokenizer, String prompt, String chosen, String rejected) {
        PreferenceExample example =
                new PreferenceExample.Text(new SourceLine(Path.of("pairs.jsonl"), 1), prompt, chosen, rejected);
        return new PairTokenizer(tokenizer, tokenizer.vocabularySize(), WIDE)
                .tokenize(example, 0, new DataTally())
                .orElseThrow();
    }

    private static String text(Tokenizer tokenizer, int[] trunk, int[] response) {
        int[] ids =
                List.of(trunk, response).stream().flatMapToInt(Arrays::stream).toArray();
        return tokenizer.decode(ids, Tokenizer.SpecialText.SKIP);
    }

    private static String setting(String variable, String property) {
        String value = System.getenv(variable);
        return value == null ? System.getProperty(property) : value;
    }
}
