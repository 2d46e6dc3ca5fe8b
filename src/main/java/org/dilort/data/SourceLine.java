package org.dilort.data;

import java.nio.file.Path;

/**
 * Where an example was read; prints as {@code file:line}.
 *
 * @param line from 1
 */
public record SourceLine(Path file, long line) {

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
