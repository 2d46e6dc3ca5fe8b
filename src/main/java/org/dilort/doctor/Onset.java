package org.dilort.doctor;

/** Tells when a condition begins to hold. */
final class Onset {
    private boolean holding;

    /** True when the condition holds and did not the last time. */
    boolean of(boolean holds) {
        boolean begins = holds && !holding;
        holding = holds;
        return begins;
    }
}
