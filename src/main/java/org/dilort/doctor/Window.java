package org.dilort.doctor;

import java.util.Arrays;

/** The newest values of a series. */
final class Window {
    private final double[] values;
    private long added;

    Window(int size) {
        this.values = new double[size];
    }

    void add(double value) {
        values[(int) (added % values.length)] = value;
        added++;
    }

    /** Adds a value; the one that makes room for it, if the window is full, goes to {@code older}. */
    void add(double value, Window older) {
        if (full()) {
            older.add(values[(int) (added % values.length)]);
        }
        add(value);
    }

    int size() {
        return (int) Math.min(added, values.length);
    }

    boolean full() {
        return added >= values.length;
    }

    double mean() {
        return Arrays.stream(values, 0, size()).average().orElse(Double.NaN);
    }

    double min() {
        return Arrays.stream(values, 0, size()).min().orElse(Double.NaN);
    }

    double max() {
        return Arrays.stream(values, 0, size()).max().orElse(Double.NaN);
    }

    /** The middle one, of an even number the greater of the two in the middle. */
    double median() {
        double[] sorted = Arrays.copyOf(values, size());
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
