package org.dilort.bench;

import java.util.Arrays;
import java.util.List;

/**
 * Seconds of the timed steps.
 *
 * @param accumulate forward and backward of each step's micro-batches
 * @param update clipping and the optimizer
 */
public record StepTimes(double[] accumulate, double[] update) {

    public StepTimes {
        if (accumulate.length == 0 || accumulate.length != update.length) {
            throw new IllegalArgumentException("times of " + accumulate.length + " steps and " + update.length
                    + " updates, expected as many of both, and at least one");
        }
    }

    public static StepTimes of(List<double[]> steps) {
        return new StepTimes(
                steps.stream().mapToDouble(step -> step[0]).toArray(),
                steps.stream().mapToDouble(step -> step[1]).toArray());
    }

    public int steps() {
        return accumulate.length;
    }

    public double[] totals() {
        double[] totals = new double[steps()];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = accumulate[i] + update[i];
        }
        return totals;
    }

    /** Of an even number of values, the mean of the middle two. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
