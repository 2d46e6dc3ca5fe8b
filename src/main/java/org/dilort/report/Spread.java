package org.dilort.report;

import java.util.Arrays;

/**
 * Mean and standard deviation of a sample.
 *
 * @param count of values; with 0 the mean is not a number
 * @param deviation with n - 1 below the line; 0 for fewer than two values
 */
public record Spread(int count, double mean, double deviation) {

    public static Spread of(double[] values) {
        double mean = Arrays.stream(values).sum() / values.length;
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(values.length, mean, values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)));
    }

    /** {@code 0.98 ± 0.01}, or a dash for no value. */
    String text() {
        return count < 2 ? Html.number(mean) : Html.number(mean) + " ± " + Html.number(deviation);
    }
}
