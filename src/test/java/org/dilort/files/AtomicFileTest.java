package org.dilort.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
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

    @Test
    void writesAtPositions() throws IOException {
        Path target = folder.resolve("f");
        try (AtomicFile file = AtomicFile.create(target)) {
            WritableByteChannel from = file.from(2);
            assertThat(from.write(ByteBuffer.wrap(new byte[] {3, 4}))).isEqualTo(2);
            assertThat(from.write(ByteBuffer.wrap(new byte[] {5}))).isEqualTo(1);
            file.write(ByteBuffer.wrap(new byte[] {1, 2}), 0);
            from.close();
            file.commit();
        }
        assertThat(target).hasBinaryContent(new byte[] {1, 2, 3, 4, 5});
    }

    @Test
    void namesTheFileThatIsOnAFullDisk() throws IOException {
        Path target = onAFullDisk("f");
        try (AtomicFile file = AtomicFile.create(target)) {
            assertFull(target, () -> file.write(ByteBuffer.allocate(1), 0));
            assertFull(target, () -> file.from(0).write(ByteBuffer.allocate(1)));
        }
    }

    private interface Write {
        void run() throws IOException;
    }

    private static void assertFull(Path target, Write write) {
        assertThatThrownBy(write::run)
                .isInstanceOfSatisfying(
                        UncheckedIOException.class,
                        failure -> assertThat(DurableFiles.problem(failure))
                                .isEqualTo(target + ": cannot be written: No space left on device"));
    }

    /** A file whose writing, beside its place, goes to a device that is always full. */
    private Path onAFullDisk(String name) throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no device that is always full");
        Files.createSymbolicLink(folder.resolve(name + ".tmp"), full);
        return folder.resolve(name);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
