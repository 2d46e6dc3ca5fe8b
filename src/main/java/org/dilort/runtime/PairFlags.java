package org.dilort.runtime;

/**
 * What the heads noticed about the pairs of a micro-batch.
 *
 * @param saturated {@code [pairs]}, 1 where an exponent was above its cap, else 0
 * @param skipped {@code [pairs]}, 1 where loss or gradient was not finite and the pair was taken out, else 0
 */
public record PairFlags(float[] saturated, float[] skipped) {

    public PairFlags {
        if (saturated.length != skipped.length) {
            throw new IllegalArgumentException(
                    saturated.length + " and " + skipped.length + " flags, expected as many of both");
        }
    }

    /** Nothing was noticed about {@code pairs} pairs. */
    public static PairFlags none(int pairs) {
        return new PairFlags(new float[pairs], new float[pairs]);
    }
}
