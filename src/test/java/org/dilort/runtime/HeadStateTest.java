package org.dilort.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadStateTest {
    @TempDir
    private Path folder;

    private Path checkpoint;

    @BeforeEach
    void nameCheckpoint() {
        checkpoint = folder.resolve("checkpoint");
    }

    @Test
    void findsWhatWasWritten() {
        HeadState.write(checkpoint, new float[] {0.25f, 7});
        assertThat(HeadState.read(checkpoint, 2)).containsExactly(0.25f, 7);
    }

    @Test
    void beginsWithZerosAndWritesNothingForNothing() {
        HeadState.write(checkpoint, new float[0]);
        assertThat(folder).isEmptyDirectory();
        assertThat(HeadState.read(checkpoint, 2)).containsExactly(0, 0);
    }

    /** 0.25 is 3e800000. */
    @Test
    void hasTheDocumentedFormat() throws IOException {
        HeadState.write(checkpoint, new float[] {0.25f});
        assertThat(Files.readAllBytes(folder.resolve("checkpoint.heads"))).containsExactly(0x3e, 0x80, 0, 0);
    }

    @Test
    void refusesAStateOfOtherHeads() {
        HeadState.write(checkpoint, new float[4]);
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> HeadState.read(checkpoint, 2))
                .withMessage(folder.resolve("checkpoint.heads") + ": 16 bytes, expected 8 for the run's heads");
    }
}
