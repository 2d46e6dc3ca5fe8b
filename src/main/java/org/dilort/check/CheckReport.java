package org.dilort.check;

import java.util.List;

/** What a check found, as lines of text. */
public record CheckReport(List<String> lines, Verdict verdict) {
    public CheckReport {
        lines = List.copyOf(lines);
    }

    /** What it comes to. */
    public enum Verdict {
        PASSED,
        FAILED,
        /** What was to be checked is something else. */
        NOT_A_HEAD
    }
}
