package org.dilort.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Folders for work whose files nobody wants afterwards, in {@code java.io.tmpdir}. Their names have the process's number, so
 * that a process that is told to end at once finds its own.
 */
public final class TemporaryFolders {
    private static final String PREFIX = "dil-ort-" + ProcessHandle.current().pid() + "-";

    private static final int ATTEMPTS = 1000;

    private TemporaryFolders() {}

    /** @param purpose a word for the name */
    public static Path create(String purpose) {
        try {
            return Files.createTempDirectory(PREFIX + purpose);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder for " + purpose, e);
        }
    }

    /** Removes all of this process, whoever works in them; what cannot be removed stays. */
    public static void removeOwn() {
        Path all = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> own = Files.newDirectoryStream(all, PREFIX + "*")) {
            for (Path folder : own) {
                remove(folder);
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Somebody may be writing into it, until it is gone. */
    private static void remove(Path folder) {
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(folder); attempt++) {
            try {
                DurableFiles.deleteTree(folder);
            } catch (IOException | UncheckedIOException e) {
                Thread.onSpinWait();
            }
        }
    }
}
