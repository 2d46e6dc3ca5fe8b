package org.dilort.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {

    @TempDir
    private Path folder;

    @Test
    void listsTheJsonLinesOfAFolderByName() throws IOException {
        for (String name : List.of("b.jsonl", "a.jsonl", "notes.txt", "c.json")) {
            Files.writeString(folder.resolve(name), "");
        }
        Files.createDirectory(folder.resolve("d.jsonl"));

        assertThat(InputFiles.expand(List.of(folder)))
                .containsExactly(folder.resolve("a.jsonl"), folder.resolve("b.jsonl"));
    }

    @Test
    void keepsFilesInTheirOrderWhateverTheirNames() throws IOException {
        Path text = Files.writeString(folder.resolve("z.txt"), "");
        Path lines = Files.writeString(folder.resolve("a.jsonl"), "");

        assertThat(InputFiles.expand(List.of(text, lines))).containsExactly(text, lines);
    }

    @Test
    void refusesAFolderWithoutPreferences() {
        assertThatThrownBy(() -> InputFiles.expand(List.of(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": no *.jsonl, *.parquet, *.csv or *.json file in this folder");
    }

    @Test
    void refusesAPathThatDoesNotExist() {
        Path missing = folder.resolve("missing.jsonl");

        assertThatThrownBy(() -> InputFiles.expand(List.of(missing)))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": no such file or folder");
    }

    @Test
    void readsTheFirstKindOfAFolderThatItHasCompressedOrNot() throws IOException {
        for (String name : List.of("b.csv", "a.csv.gz", "info.json", ".hidden.jsonl")) {
            Files.writeString(folder.resolve(name), "");
        }

        assertThat(InputFiles.expand(folder)).containsExactly(folder.resolve("a.csv.gz"), folder.resolve("b.csv"));
    }

    @Test
    void listsWhatAPatternMatchesByName() throws IOException {
        Files.createDirectories(folder.resolve("deep/er"));
        for (String name : List.of("train-1.jsonl", "train-0.jsonl", "test-0.jsonl", "deep/er/train-2.jsonl")) {
            Files.writeString(folder.resolve(name), "");
        }

        assertThat(InputFiles.expand(folder.resolve("train-*.jsonl")))
                .containsExactly(folder.resolve("train-0.jsonl"), folder.resolve("train-1.jsonl"));
        assertThat(InputFiles.expand(folder.resolve("**/train-?.jsonl")))
                .containsExactly(folder.resolve("deep/er/train-2.jsonl"));
        assertThat(InputFiles.expand(folder.resolve("deep/*/*.jsonl"))).hasSize(1);
    }

    @Test
    void takesAFileWhoseNameLooksLikeAPatternAsItself() throws IOException {
        Path file = Files.writeString(folder.resolve("a[1].jsonl"), "");

        assertThat(InputFiles.expand(file)).containsExactly(file);
    }

    @Test
    void refusesAPatternThatMatchesNothing() {
        Path pattern = folder.resolve("*.jsonl");
        Path nowhere = folder.resolve("none/*.jsonl");

        assertThatThrownBy(() -> InputFiles.expand(pattern)).hasMessage(pattern + ": no file matches");
        assertThatThrownBy(() -> InputFiles.expand(nowhere))
                .hasMessage(nowhere + ": no such folder: " + folder.resolve("none"));
    }
}
