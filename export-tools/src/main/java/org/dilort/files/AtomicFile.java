package org.dilort.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
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
            throw new UncheckedIOException(temporary + ": cannot be written", e);
        }
    }

    /** Open for writing until {@link #commit}; regions that are skipped read as zeros and take no space. */
    public FileChannel channel() {
        return channel;
    }

    /** Writes all of the buffer; a failure names this file. */
    public void write(ByteBuffer bytes, long position) {
        try {
            for (long at = position; bytes.hasRemaining(); ) {
                at += channel.write(bytes, at);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** What is written to it goes into this file from {@code position} on; a failure names this file, whoever writes. */
    public WritableByteChannel from(long position) {
        return new Region(position);
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
        return new UncheckedIOException(target + ": cannot be written", e);
    }

    private final class Region implements WritableByteChannel {
        private long position;

        Region(long position) {
            this.position = position;
        }

        @Override
        public int write(ByteBuffer bytes) {
            int count = bytes.remaining();
            AtomicFile.this.write(bytes, position);
            position += count;
            return count;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        /** The file stays open. */
        @Override
        public void close() {}
    }
}
