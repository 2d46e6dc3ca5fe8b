package org.dilort.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceFilesTest {

    @TempDir
    private Path folder;

    @Test
    void listsTheJsonLinesOfAFolderByName() throws IOException {
        for (String name : List.of("b.jsonl", "a.jsonl", "notes.txt", "c.json")) {
            Files.writeString(folder.resolve(name), "");
        }
        Files.createDirectory(folder.resolve("d.jsonl"));

        assertThat(PreferenceFiles.expand(List.of(folder)))
                .containsExactly(folder.resolve("a.jsonl"), folder.resolve("b.jsonl"));
    }

    @Test
    void keepsFilesInTheirOrderWhateverTheirNames() throws IOException {
        Path text = Files.writeString(folder.resolve("z.txt"), "");
        Path lines = Files.writeString(folder.resolve("a.jsonl"), "");

        assertThat(PreferenceFiles.expand(List.of(text, lines))).containsExactly(text, lines);
    }

    @Test
    void refusesAFolderWithoutJsonLines() {
        assertThatThrownBy(() -> PreferenceFiles.expand(List.of(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": no *.jsonl file in this folder");
    }

    @Test
    void refusesAPathThatDoesNotExist() {
        Path missing = folder.resolve("missing.jsonl");

        assertThatThrownBy(() -> PreferenceFiles.expand(List.of(missing)))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": no such file or folder");
    }
}
