package org.dilort.check;

/** What one check of a file says. */
record Finding(String check, Verdict verdict, String text) {

    /** How bad it is. */
    enum Verdict {
        OK,
        /** Worth knowing, and no reason not to train with it. */
        WARNING,
        FAILED
    }

    static Finding ok(String check, String text) {
        return new Finding(check, Verdict.OK, text);
    }

    static Finding warning(String check, String text) {
        return new Finding(check, Verdict.WARNING, text);
    }

    static Finding failed(String check, String text) {
        return new Finding(check, Verdict.FAILED, text);
    }
}
