package org.dilort.runtime;

import java.io.IOException;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * One library of a jar and the name it has on disk.
 *
 * @param name file name in the cache folder
 * @param source where it is packed
 */
record NativeFile(String name, URL source) {

    /** Whether {@code folder} holds the whole file; one that a full disk or a killed copy cut short does not count. */
    boolean isIn(Path folder) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                && Files.size(file) == source.openConnection().getContentLengthLong();
    }

    /** Copies beside the final name, then moves: other processes see the whole file or none. */
    void unpackInto(Path folder) throws IOException {
        Path partial = Files.createTempFile(folder, name, ".tmp");
        try {
            try (var in = source.openStream()) {
                Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            }
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            moveInto(folder, partial);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void moveInto(Path folder, Path partial) throws IOException {
        try {
            Files.move(partial, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Windows refuses to replace a library that another process, which was quicker, has loaded by now.
            if (!isIn(folder)) {
                throw e;
            }
        }
    }
}
