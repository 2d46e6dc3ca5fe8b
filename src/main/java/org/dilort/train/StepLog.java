package org.dilort.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.dilort.files.DurableFiles;

/**
 * A file of JSON lines, each with its {@code step}, that grows with a run.
 *
 * <p>A line is handed to the operating system whole as soon as it is known, so a killed run leaves at most one partial
 * line, and that at the end.
 */
public final class StepLog implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private StepLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Starts an empty log; what the file held before is gone. */
    public static StepLog create(Path file) {
        return open(file, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Goes on after the lines up to {@code step}; later lines, partial and damaged ones are removed. */
    public static StepLog resume(Path file, long step, Warnings warnings) {
        keepUpTo(file, step, warnings);
        return open(file, StandardOpenOption.APPEND);
    }

    private static StepLog open(Path file, StandardOpenOption option) {
        try {
            return new StepLog(
                    file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, option));
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** @param json one object with a {@code step}, without line breaks */
    public void append(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        try {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line));
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** Brings all lines to the disk. */
    public void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static void keepUpTo(Path file, long step, Warnings warnings) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            byte[] all = Files.readAllBytes(file);
            byte[] kept = kept(file, all, step, warnings);
            if (kept.length < all.length) {
                DurableFiles.replace(file, kept);
            }
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private static byte[] kept(Path file, byte[] all, long step, Warnings warnings) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(all.length);
        int lineNumber = 0;
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] != '\n') {
                continue;
            }
            lineNumber++;
            long lineStep = stepOf(Arrays.copyOfRange(all, start, i));
            if (lineStep < 0) {
                warnings.warn(file + ":" + lineNumber + ": not a line of a step, removed");
            } else if (lineStep <= step) {
                kept.write(all, start, i + 1 - start);
            }
            start = i + 1;
        }
        return kept.toByteArray();
    }

    /** -1 where the line has none. */
    private static long stepOf(byte[] line) {
        try {
            JsonNode step = Json.MAPPER.readTree(line).path("step");
            return step.isIntegralNumber() ? step.longValue() : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    private static RunFailedException notWritten(Path file, IOException cause) {
        return new RunFailedException(file + ": not written: " + DurableFiles.reason(cause), cause);
    }
}
