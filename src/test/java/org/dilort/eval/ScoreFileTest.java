package org.dilort.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreFileTest {

    @TempDir
    private Path temp;

    @Test
    void writesALineForEachPair() throws IOException {
        Path file = temp.resolve("scores.jsonl");
        Files.writeString(file, "earlier");

        ScoreFile.write(
                file,
                List.of(
                        new PairScore(0, -1.25, -2, 3, 4),
                        new PairScore(2, -1e-9, 0, 5, 0),
                        new PairScore(3_000_000_000L, Double.NaN, Double.NEGATIVE_INFINITY, 1, 1)));

        assertThat(Files.readString(file)).isEqualTo("""
                        {"index":0,"logps/chosen":-1.25,"logps/rejected":-2.0,"tokens/chosen":3,"tokens/rejected":4}
                        {"index":2,"logps/chosen":-1.0E-9,"tokens/chosen":5}
                        {"index":3000000000,"logps/chosen":null,"logps/rejected":null,"tokens/chosen":1,"tokens/rejected":1}
                        """);
        assertThat(temp.resolve("scores.jsonl.tmp")).doesNotExist();
    }

    @Test
    void namesAFileThatCannotBeWritten() {
        assertThatThrownBy(() -> ScoreFile.write(temp.resolve("none/scores.jsonl"), List.of()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none/scores.jsonl");
    }
}
