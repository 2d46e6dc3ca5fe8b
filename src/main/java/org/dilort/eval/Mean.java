package org.dilort.eval;

/** A running mean with its spread, by Welford's update. */
public final class Mean {
    private long count;
    private double mean;
    private double squares;

    public void add(double value) {
        count++;
        double distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
    }

    public long count() {
        return count;
    }

    /** Not a number where nothing was added. */
    public double value() {
        return count == 0 ? Double.NaN : mean;
    }

    /** Of the mean: s / sqrt(n) with n - 1 in s; 0 for one value. */
    public double error() {
        return count < 2 ? 0 : Math.sqrt(squares / (count - 1) / count);
    }
}
