package org.dilort.eval;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A 95 % confidence interval. */
public record Interval(double low, double high) {
    /** The 97.5 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    private static final int RESAMPLES = 10_000;

    /**
     * Of a share: (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n), Wilson 1927. All of [0, 1] where
     * nothing was tried.
     */
    public static Interval wilson(long successes, long trials) {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException(successes + " successes of " + trials);
        }
        if (trials == 0) {
            return new Interval(0, 1);
        }
        double share = (double) successes / trials;
        double square = Z * Z / trials;
        double middle = share + square / 2;
        double width = Z * Math.sqrt(share * (1 - share) / trials + square / (4 * trials));
        double low = successes == 0 ? 0 : (middle - width) / (1 + square);
        double high = successes == trials ? 1 : (middle + width) / (1 + square);
        return new Interval(low, high);
    }

    /**
     * Of a mean, by the percentiles 2.5 and 97.5 of the means of 10,000 samples that are drawn from the values with
     * replacement.
     *
     * @param seed the same gives the same interval
     */
    public static Interval bootstrap(double[] values, long seed) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += values[random.nextInt(values.length)];
            }
            means[i] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(quantile(means, 0.025), quantile(means, 0.975));
    }

    /** Between the two nearest, in proportion. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
