package org.dilort.cli;

/** What the process says to its caller; a run that was interrupted exits with 128 + the signal's number. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    /** Usage, configuration or data was wrong. */
    static final int WRONG_INPUT = 2;

    private ExitCode() {}
}
