package org.dilort.model;

/**
 * The longest sequence of a run. It fixes the rotary factors that depend on length: a run computes every sequence with
 * the same ones, and so does what it exports.
 */
public record RunLength(int tokens) {
    /** Within what any model was trained for. */
    public static final RunLength SHORT = new RunLength(1);

    public RunLength {
        if (tokens < 1) {
            throw new IllegalArgumentException("run of " + tokens + " tokens, expected at least 1");
        }
    }
}
