package org.dilort.chart;

/**
 * A named line through points, with how far values lie around it.
 *
 * @param x ascending
 * @param y as many; where it is not finite the line is interrupted
 * @param low as many, at most y: where the band around the line begins; y itself for a line without one
 * @param high as many, at least y: where it ends
 */
public record Curve(String name, double[] x, double[] y, double[] low, double[] high) {
    public Curve {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " x and " + y.length + " y in curve " + name);
        }
        if (y.length != low.length || y.length != high.length) {
            throw new IllegalArgumentException(
                    y.length + " y, a band of " + low.length + " and " + high.length + " in curve " + name);
        }
        for (int i = 0; i < x.length; i++) {
            if (i > 0 && !(x[i - 1] < x[i])) {
                throw new IllegalArgumentException("x[" + i + "] = " + x[i] + " after " + x[i - 1] + " in " + name);
            }
            if (low[i] > y[i] || high[i] < y[i]) {
                throw new IllegalArgumentException(
                        "y[" + i + "] = " + y[i] + " outside " + low[i] + " to " + high[i] + " in " + name);
            }
        }
        x = x.clone();
        y = y.clone();
        low = low.clone();
        high = high.clone();
    }

    /** A line without a band. */
    public Curve(String name, double[] x, double[] y) {
        this(name, x, y, y, y);
    }

    @Override
    public double[] x() {
        return x.clone();
    }

    @Override
    public double[] y() {
        return y.clone();
    }

    @Override
    public double[] low() {
        return low.clone();
    }

    @Override
    public double[] high() {
        return high.clone();
    }

    /** Whether any value lies around the line. */
    public boolean hasBand() {
        for (int i = 0; i < y.length; i++) {
            if (low[i] < high[i]) {
                return true;
            }
        }
        return false;
    }
}
