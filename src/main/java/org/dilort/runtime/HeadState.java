package org.dilort.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dilort.error.FormatException;

/**
 * What heads remember from step to step, in a file beside a checkpoint: {@code checkpoint.heads}, float32 values, big
 * endian, nothing else. Heads that remember nothing have no file.
 */
final class HeadState {
    private static final String ENDING = ".heads";

    private HeadState() {}

    static void write(Path checkpointFile, float[] state) {
        if (state.length == 0) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(state.length * Float.BYTES);
        bytes.asFloatBuffer().put(state);
        try {
            Files.write(file(checkpointFile), bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(file(checkpointFile) + ": cannot be written", e);
        }
    }

    /** Zeros where there is no file. */
    static float[] read(Path checkpointFile, int values) {
        Path file = file(checkpointFile);
        float[] state = new float[values];
        if (values == 0 || !Files.exists(file)) {
            return state;
        }
        try {
            long size = Files.size(file);
            if (size != (long) values * Float.BYTES) {
                throw new FormatException(file + ": " + size + " bytes, expected " + (long) values * Float.BYTES
                        + " for the run's heads");
            }
            ByteBuffer.wrap(Files.readAllBytes(file)).asFloatBuffer().get(state);
            return state;
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    private static Path file(Path checkpointFile) {
        return checkpointFile.resolveSibling(checkpointFile.getFileName() + ENDING);
    }
}
