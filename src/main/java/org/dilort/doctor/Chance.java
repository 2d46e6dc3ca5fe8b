package org.dilort.doctor;

/** What guessing looks like. */
final class Chance {
    private static final double DEVIATIONS = 3;

    private Chance() {}

    /** The share of right guesses, each right as often as wrong, that guessing all but never exceeds. */
    static double upper(long guesses) {
        return 0.5 + DEVIATIONS * 0.5 / Math.sqrt(guesses);
    }
}
