package org.dilort.check;

import java.util.List;

/** What a check found, as lines of text. */
public record CheckReport(List<String> lines, boolean passed) {
    public CheckReport {
        lines = List.copyOf(lines);
    }
}
