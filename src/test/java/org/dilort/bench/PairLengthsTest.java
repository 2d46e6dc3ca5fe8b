package org.dilort.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.dilort.data.TokenizedPair;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairLengthsTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("lengths.json"), text);
    }

    @Test
    void readsAListOfTriples() throws IOException {
        assertThat(PairLengths.read(file("[[43, 98, 18],\n [1, 1, 1]]")))
                .containsExactly(new PairLengths(43, 98, 18), new PairLengths(1, 1, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|an empty list, expected lists [trunk, chosen, rejected]",
                "null|an empty list, expected lists [trunk, chosen, rejected]",
                "[[1, 2]]|entry 0: got 2 numbers, expected [trunk, chosen, rejected]",
                "[[1, 2, 3], null]|entry 1: got null, expected [trunk, chosen, rejected]",
                "[[1, 2, 3], [0, 2, 3]]|entry 1: got [0, 2, 3], expected lengths of at least 1",
                "[[1, 2.5, 3]]|not a JSON list of [trunk, chosen, rejected]",
                "[[1, 2, 3]|not a JSON list of [trunk, chosen, rejected]",
                "[[1, 2, 3]] x|not a JSON list of [trunk, chosen, rejected]",
                "{\"a\": 1}|not a JSON list of [trunk, chosen, rejected]",
                "[[1, 99999999999, 3]]|not a JSON list of [trunk, chosen, rejected]",
            })
    void namesWhatIsWrong(String text, String message) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> PairLengths.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void namesAFileThatIsNotThere() {
        Path file = folder.resolve("none.json");
        assertThatThrownBy(() -> PairLengths.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ": cannot be read");
    }

    @Test
    void aFullPairHasAQuarterOfPrompt() {
        assertThat(PairLengths.full(128)).isEqualTo(new PairLengths(32, 96, 96));
        assertThat(PairLengths.full(2)).isEqualTo(new PairLengths(1, 1, 1));
    }

    @Test
    void drawsIdsOfTheVocabulary() {
        TokenizedPair pair = new PairLengths(5, 70, 90).draw(3, 10, new Random(1));

        assertThat(pair.index()).isEqualTo(3);
        assertThat(pair.trunk()).hasSize(5);
        assertThat(pair.chosen()).hasSize(70).contains(3, 9);
        assertThat(pair.rejected()).hasSize(90);
        assertThat(pair.parts())
                .allSatisfy(part -> assertThat(IntStream.of(part)).allMatch(id -> id >= 3 && id < 10));
    }

    @Test
    void aTinyVocabularyHasItsLastId() {
        assertThat(new PairLengths(2, 1, 1).draw(0, 2, new Random(1)).trunk()).containsExactly(1, 1);
    }
}
