package org.dilort.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;

/**
 * Standard output whose first failure is remembered and after which nothing more is written. A reader that went away
 * ({@code dil-ort help | head -1}) is no failure; a full disk is one.
 */
final class StandardOutput extends OutputStream {
    private final OutputStream target;
    private String failure = "";

    StandardOutput(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (!failure.isEmpty()) {
            return;
        }
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
    }

    /** What went wrong; empty where nothing did. */
    String failure() {
        return failure.toLowerCase(Locale.ROOT).contains("pipe") ? "" : failure;
    }
}
