package org.dilort.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.dilort.files.DurableFiles;

/**
 * {@code metrics.jsonl}: one JSON line per optimizer step and one per evaluation, in the order in which they happened.
 *
 * <p>A line is handed to the operating system whole as soon as it is known, so a killed run leaves at most one partial
 * line, and that at the end; a checkpoint brings the lines before it to the disk.
 */
public final class MetricsLog implements TrainingListener, AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private MetricsLog(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Starts an empty log; what the file held before is gone. */
    public static MetricsLog create(Path file) {
        return open(file, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Goes on after the lines up to {@code step}; later lines, partial and damaged ones are removed. */
    public static MetricsLog resume(Path file, long step, Warnings warnings) {
        MetricsLines.keepUpTo(file, step, warnings);
        return open(file, StandardOpenOption.APPEND);
    }

    private static MetricsLog open(Path file, StandardOpenOption option) {
        try {
            return new MetricsLog(
                    file, FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, option));
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    @Override
    public void onStep(StepReport report) {
        append(MetricsLines.of(report));
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        append(MetricsLines.of(report));
    }

    @Override
    public void onCheckpoint(long step, Path folder) {
        force();
    }

    @Override
    public void onEnd(Outcome outcome) {
        force();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private void append(byte[] json) {
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        try {
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line));
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    private void force() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    static RunFailedException notWritten(Path file, IOException cause) {
        return new RunFailedException(file + ": not written: " + DurableFiles.reason(cause), cause);
    }
}
