package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerVocabularyTest {

    @TempDir
    private Path folder;

    @Test
    void readsAMapOfTokensAndAddedTokensInAnyOrder() throws IOException {
        TokenizerVocabulary vocabulary = read("{'version': '1.0', 'normalizer': {'type': 'NFC', 'vocab': {'no': 99}},"
                + " 'model': {'merges': [['a', 'b']], 'vocab': {'a': 0, 'b': 1, 'ab': 4}, 'unk_token': null},"
                + " 'added_tokens': [{'id': 6, 'content': '</s>', 'special': true}, {'content': 'x', 'id': 2}]}");

        assertThat(vocabulary.size()).isEqualTo(7);
        assertThat(vocabulary.ids()).isEqualTo(Map.of("a", 0, "</s>", 6));
    }

    @Test
    void readsAListOfTokensWithScores() throws IOException {
        TokenizerVocabulary vocabulary =
                read("{'added_tokens': [], 'model': {'type': 'Unigram', 'vocab': [['<unk>', 0], ['</s>', -1.5], ['b',"
                        + " -2]]}}");

        assertThat(vocabulary.size()).isEqualTo(3);
        assertThat(vocabulary.ids()).isEqualTo(Map.of("</s>", 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model': {'vocab': {'a': 0}          | damaged (line 1)",
                "{'model': {'vocab': {'a': 'b'}}}      | damaged (line 1)",
                "{'model': {'vocab': {'a': 99999999999}}} | damaged (line 1)",
                "{'model': {'vocab': {}}}              | no model.vocab",
                "{'model': {}}                         | no model.vocab",
                "{'model': 3}                          | no model.vocab",
                "[]                                    | no model.vocab",
            })
    void refusesDamagedFiles(String json, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder.resolve("tokenizer.json") + ": " + message);
    }

    private TokenizerVocabulary read(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json.replace('\'', '"'));
        return TokenizerVocabulary.read(file, Set.of("a", "</s>", "absent"));
    }
}
