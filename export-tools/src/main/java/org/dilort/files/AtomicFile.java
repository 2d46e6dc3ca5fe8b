package org.dilort.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written beside its place, as {@code NAME.tmp}, and moved there when it is complete and on disk: a killed
 * process leaves either the old file or the new one. Closing without {@link #commit} drops what was written.
 */
public final class AtomicFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;

    private AtomicFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    public static AtomicFile create(Path target) {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            return new AtomicFile(target, temporary, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + temporary + ": " + e, e);
        }
    }

    /** Open for writing until {@link #commit}; regions that are skipped read as zeros and take no space. */
    public FileChannel channel() {
        return channel;
    }

    /** Forces the content to disk. */
    public void sync() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Forces the content to disk and moves it into place, over a file that may be there. */
    public void commit() {
        sync();
        try {
            channel.close();
            DurableFiles.moveIntoPlace(temporary, target);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException("cannot write " + target + ": " + e, e);
    }
}
