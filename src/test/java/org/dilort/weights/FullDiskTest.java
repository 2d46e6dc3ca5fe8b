package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dilort.files.AtomicFile;
import org.dilort.files.DurableFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tensor that cannot be written names the file that it was for, not the tensor or the file that it comes from. */
class FullDiskTest {
    @TempDir
    private Path folder;

    private Path target;

    /** What is written beside the target goes to a device that is always full. */
    @BeforeEach
    void fillTheDisk() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no device that is always full");
        target = folder.resolve("target");
        Files.createSymbolicLink(folder.resolve("target.tmp"), full);
    }

    @Test
    void namesTheFileOfConvertedFloats() {
        try (AtomicFile file = AtomicFile.create(target)) {
            assertNamesTheTarget(
                    () -> FloatEncoder.write(file, 0, "w", WeightType.F32, 2, FloatSource.of(new float[] {1, 2})));
        }
    }

    @Test
    void namesTheFileOfCopiedBytes() {
        Path source = folder.resolve("source");
        new SafetensorsWriter(Map.of())
                .add("w", WeightType.F32, List.of(2L), FloatSource.of(new float[] {1, 2}))
                .write(source);
        try (SafetensorsFile weights = SafetensorsFile.open(source);
                AtomicFile file = AtomicFile.create(target)) {
            assertNamesTheTarget(() -> weights.copyBytes("w", file.from(0)));
        }
    }

    private void assertNamesTheTarget(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        UncheckedIOException.class,
                        failure -> assertThat(DurableFiles.problem(failure))
                                .isEqualTo(target + ": cannot be written: No space left on device"));
    }
}
