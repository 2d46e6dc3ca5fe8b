package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerSettingsTest {
    private static final Map<String, Integer> IDS = Map.of("<s>", 1, "</s>", 2, "<pad>", 3);
    private static final int[] PLAIN = {9};

    @TempDir
    private Path folder;

    @Test
    void readsTokensAsStringsAndAsObjects() throws IOException {
        write(
                "tokenizer_config.json",
                "{'bos_token': {'content': '<s>', 'lstrip': false}, 'eos_token': '</s>', 'pad_token': '<pad>',"
                        + " 'add_bos_token': true, 'add_eos_token': true}");

        assertThat(resolve(PLAIN)).isEqualTo(new SpecialTokens(1, 2, 3, true, true));
    }

    @Test
    void fallsBackFromTheTokenizerConfigToTheMapToTheModelConfig() throws IOException {
        write("tokenizer_config.json", "{'bos_token': '<s>', 'eos_token': null}");
        write("special_tokens_map.json", "{'bos_token': '<pad>', 'eos_token': {'content': '</s>'}}");
        write("config.json", "{'bos_token_id': 7, 'eos_token_id': 8, 'pad_token_id': 9}");

        assertThat(resolve(PLAIN)).isEqualTo(new SpecialTokens(1, 2, 9, false, false));
    }

    @Test
    void takesTheFirstOfSeveralIds() throws IOException {
        write("config.json", "{'bos_token_id': null, 'eos_token_id': [5, 6]}");

        assertThat(resolve(PLAIN))
                .isEqualTo(new SpecialTokens(SpecialTokens.NONE, 5, SpecialTokens.NONE, false, false));
    }

    @Test
    void followsThePostProcessorUnlessAFileSaysOtherwise() throws IOException {
        write("config.json", "{'bos_token_id': 1, 'eos_token_id': 2}");
        assertThat(resolve(new int[] {1, 9, 2})).isEqualTo(new SpecialTokens(1, 2, SpecialTokens.NONE, true, true));
        assertThat(resolve(new int[] {9})).isEqualTo(new SpecialTokens(1, 2, SpecialTokens.NONE, false, false));

        write("tokenizer_config.json", "{'add_bos_token': false, 'add_eos_token': false}");
        assertThat(resolve(new int[] {1, 9, 2})).isEqualTo(new SpecialTokens(1, 2, SpecialTokens.NONE, false, false));
    }

    @Test
    void usesNoBosThatTheModelHasButTheTokenizerDoesNotAdd() throws IOException {
        // As in Qwen2.5, whose config.json has a bos_token_id that is never put before a text.
        write("tokenizer_config.json", "{'add_bos_token': false, 'bos_token': null, 'eos_token': '</s>'}");
        write("config.json", "{'bos_token_id': 3, 'eos_token_id': 2}");

        assertThat(resolve(PLAIN).usesBos()).isFalse();
    }

    @Test
    void hasNothingToSayWithoutFiles() {
        assertThat(resolve(new int[0]))
                .isEqualTo(new SpecialTokens(SpecialTokens.NONE, SpecialTokens.NONE, SpecialTokens.NONE, false, false));
    }

    @Test
    void leavesOutAPadTokenThatTheVocabularyLacks() throws IOException {
        write("tokenizer_config.json", "{'eos_token': '</s>', 'pad_token': '[PAD]'}");

        assertThat(resolve(PLAIN).pad()).isEqualTo(SpecialTokens.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'eos_token': ", "[]", "", "nonsense"})
    void refusesDamagedFiles(String json) throws IOException {
        write("tokenizer_config.json", json);

        assertThatThrownBy(() -> resolve(PLAIN))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("tokenizer_config.json").toString());
    }

    @Test
    void aFolderWithoutTokenizerHasTheModelsIdsAndRefusesTexts() throws IOException {
        write("config.json", "{'bos_token_id': 1, 'eos_token_id': 2, 'pad_token_id': 0}");
        write("tokenizer_config.json", "{'bos_token': '<s>'}");
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.specialTokens()).isEqualTo(new SpecialTokens(1, 2, 0, false, false));
            assertThatThrownBy(() -> tokenizer.encode("a"))
                    .isInstanceOf(FormatException.class)
                    .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": missing");
            assertThatThrownBy(() -> tokenizer.decode(new int[] {1}, Tokenizer.SpecialText.KEEP))
                    .isInstanceOf(FormatException.class);
            assertThatThrownBy(tokenizer::vocabularySize).isInstanceOf(FormatException.class);
        }
    }

    private SpecialTokens resolve(int[] dressed) {
        return TokenizerSettings.read(folder).resolve(IDS, dressed);
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json.replace('\'', '"'));
    }
}
