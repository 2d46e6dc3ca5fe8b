package org.dilort.eval;

/**
 * A share of samples.
 *
 * @param error of the mean: sqrt(p (1 - p) / (n - 1)), 0 for one sample
 */
public record Share(double value, double error, Interval interval) {

    public static Share of(long right, long samples) {
        if (samples < 1) {
            throw new IllegalArgumentException(right + " of " + samples + " samples");
        }
        double value = (double) right / samples;
        double error = samples < 2 ? 0 : Math.sqrt(value * (1 - value) / (samples - 1));
        return new Share(value, error, Interval.wilson(right, samples));
    }
}
