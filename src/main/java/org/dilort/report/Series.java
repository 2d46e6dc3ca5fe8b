package org.dilort.report;

import java.util.Arrays;
import org.dilort.chart.Curve;

/** One metric by step. A value that is not finite stays as a gap. */
final class Series {
    private double[] steps = new double[64];
    private double[] values = new double[64];
    private int size;

    /** A step that is not beyond the last one is left out. */
    void add(double step, double value) {
        if (size > 0 && step <= steps[size - 1]) {
            return;
        }
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        steps[size] = step;
        values[size] = value;
        size++;
    }

    /** The same after one more value. */
    Series after(double step, double value) {
        Series longer = new Series();
        longer.add(step, value);
        for (int i = 0; i < size; i++) {
            longer.add(steps[i], values[i]);
        }
        return longer;
    }

    int size() {
        return size;
    }

    double[] steps() {
        return Arrays.copyOf(steps, size);
    }

    double[] values() {
        return Arrays.copyOf(values, size);
    }

    double last() {
        return size == 0 ? Double.NaN : values[size - 1];
    }

    double sum() {
        return Arrays.stream(values, 0, size).filter(Double::isFinite).sum();
    }

    /** Of the finite values; not a number without any. */
    double median() {
        double[] sorted =
                Arrays.stream(values, 0, size).filter(Double::isFinite).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /**
     * A curve of at most {@code most} points: more are taken together in groups of neighbours, each at its last step with
     * its mean, and the band from its least value to its greatest.
     */
    Curve curve(String name, int most) {
        int group = (size + most - 1) / most;
        if (group <= 1) {
            return new Curve(name, steps(), values());
        }
        int points = (size + group - 1) / group;
        double[] x = new double[points];
        double[] mean = new double[points];
        double[] low = new double[points];
        double[] high = new double[points];
        for (int i = 0; i < points; i++) {
            int from = i * group;
            int to = Math.min(size, from + group);
            x[i] = steps[to - 1];
            double[] finite = Arrays.stream(values, from, to)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            if (finite.length == 0) {
                mean[i] = low[i] = high[i] = Double.NaN;
                continue;
            }
            low[i] = finite[0];
            high[i] = finite[finite.length - 1];
            mean[i] = Math.max(low[i], Math.min(high[i], Arrays.stream(finite).sum() / finite.length));
        }
        return new Curve(name, x, mean, low, high);
    }
}
