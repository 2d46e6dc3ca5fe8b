package org.dilort.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    private Path folder;

    @Test
    void appearsOnlyWhenItIsCommitted() throws IOException {
        Path target = folder.resolve("f");
        Files.writeString(target, "old and longer");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.channel().write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
            assertThat(target).hasContent("old and longer");
            file.commit();
        }
        assertThat(target).hasContent("new");
        assertThat(files()).containsExactly("f");
    }

    @Test
    void leavesNothingWhenItIsGivenUp() throws IOException {
        Path target = folder.resolve("f");
        try (AtomicFile file = AtomicFile.create(target)) {
            file.channel().write(ByteBuffer.wrap(new byte[] {1}));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void overwritesTheRestOfAKilledRun() throws IOException {
        Files.writeString(folder.resolve("f.tmp"), "half of something");
        try (AtomicFile file = AtomicFile.create(folder.resolve("f"))) {
            file.channel().write(ByteBuffer.wrap(new byte[] {'x'}));
            file.commit();
        }
        assertThat(folder.resolve("f")).hasContent("x");
    }

    @Test
    void namesTheFileThatCannotBeWritten() {
        Path target = folder.resolve("missing").resolve("f");
        assertThatThrownBy(() -> AtomicFile.create(target))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(target + ".tmp");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
