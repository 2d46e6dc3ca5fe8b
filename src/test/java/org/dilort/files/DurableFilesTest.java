package org.dilort.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class DurableFilesTest {
    private static final String FULL = "No space left on device";

    @Test
    void tellsWhatCouldNotBeDoneAndWhy() {
        assertThat(DurableFiles.problem(new UncheckedIOException("hf: cannot be written", new IOException(FULL))))
                .isEqualTo("hf: cannot be written: " + FULL);
        assertThat(DurableFiles.problem(
                        new UncheckedIOException("hf: cannot be written", new FileSystemException("x", null, FULL))))
                .isEqualTo("hf: cannot be written: " + FULL);
    }

    @Test
    void tellsTheFileWhereNobodySaidWhatWasDone() {
        assertThat(DurableFiles.problem(new UncheckedIOException(new AccessDeniedException("a/b"))))
                .isEqualTo("input or output failed: a/b: permission denied");
        assertThat(DurableFiles.problem(new NoSuchFileException("a/b")))
                .isEqualTo("input or output failed: a/b: there is no such file");
        assertThat(DurableFiles.problem(new IOException(FULL))).isEqualTo("input or output failed: " + FULL);
    }

    @Test
    void hasAReasonForAFailureWithoutAMessage() {
        assertThat(DurableFiles.reason(new ClosedChannelException())).isEqualTo("ClosedChannelException");
        assertThat(DurableFiles.reason(new FileSystemException("a/b"))).isEqualTo("a/b");
    }
}
