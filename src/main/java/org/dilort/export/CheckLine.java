package org.dilort.export;

/** What one check of a folder says, as a line of text. */
public sealed interface CheckLine {

    /** @param found what was looked at, a few words */
    record Passed(String check, String found) implements CheckLine {
        @Override
        public String toString() {
            return "ok   " + check + ": " + found;
        }
    }

    /** @param problem what, got, expected, where */
    record Failed(String check, String problem) implements CheckLine {
        @Override
        public String toString() {
            return "FAIL " + check + ": " + problem;
        }
    }

    /** A check that could not be made, or had nothing to look at. */
    record Skipped(String check, String reason) implements CheckLine {
        @Override
        public String toString() {
            return "skip " + check + ": " + reason;
        }
    }
}
