package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.weights.FloatSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedStateTest {
    private static final List<Long> THREE = List.of(3L);

    @TempDir
    private Path folder;

    private static FloatSource values(float... values) {
        return FloatSource.of(values);
    }

    private static void save(Path file) {
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "w", THREE, values(1, 2, 3))
                    .add(CheckpointRole.FROZEN, "w.gradient", THREE, values(4, 5, 6))
                    .add(CheckpointRole.FROZEN, "w.moment1", THREE, values(7, 8, 9))
                    .add(CheckpointRole.FROZEN, "last.gradient", List.of(1L), values(10))
                    .finish();
        }
    }

    /** {@code last.gradient} is a parameter of that name: there is no {@code last} whose gradient it could be. */
    @Test
    void keepsEverythingButTheGradientSums() throws IOException {
        Path target = folder.resolve("checkpoint");
        SavedState.write(target, SavedStateTest::save);
        try (CheckpointReader reader = CheckpointReader.open(target)) {
            assertThat(reader.names(CheckpointRole.FROZEN))
                    .containsExactly("w", "w.gradient", "w.moment1", "last.gradient");
            assertThat(reader.toArray("w")).containsExactly(1, 2, 3);
            assertThat(reader.toArray("w.gradient")).containsExactly(0, 0, 0);
            assertThat(reader.toArray("w.moment1")).containsExactly(7, 8, 9);
            assertThat(reader.toArray("last.gradient")).containsExactly(10);
        }
        assertThat(files()).containsExactly("checkpoint", "checkpoint.data");
    }

    @Test
    void leavesNothingWhereSavingFailed() throws IOException {
        Path target = folder.resolve("checkpoint");
        assertThatThrownBy(() -> SavedState.write(target, file -> {
                    save(file);
                    throw new IllegalStateException("no space");
                }))
                .hasMessage("no space");
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesWhatIsNoCheckpoint() throws IOException {
        Path target = folder.resolve("checkpoint");
        assertThatThrownBy(() -> SavedState.write(target, file -> write(file, "short")))
                .isInstanceOf(FormatException.class);
        assertThat(files()).isEmpty();
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
