package org.dilort.input;

import java.nio.file.Path;

/**
 * Where something was read; prints as {@code file:line}, with the number of the element where a line may hold many, or
 * as {@code file row 7} in a file without lines.
 *
 * @param line from 1; 0 in a file without lines
 * @param row from 1; 0 where the line says it all
 */
public record SourceLine(Path file, long line, long row) {

    public SourceLine(Path file, long line) {
        this(file, line, 0);
    }

    public static SourceLine row(Path file, long row) {
        return new SourceLine(file, 0, row);
    }

    @Override
    public String toString() {
        if (line == 0) {
            return file + " row " + row;
        }
        return file + ":" + line + (row == 0 ? "" : " (element " + row + ")");
    }
}
