package org.dilort.chart;

/**
 * A named line through points.
 *
 * @param x ascending
 * @param y as many; where it is not finite the line is interrupted
 */
public record Curve(String name, double[] x, double[] y) {
    public Curve {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " x and " + y.length + " y in curve " + name);
        }
        for (int i = 1; i < x.length; i++) {
            if (!(x[i - 1] < x[i])) {
                throw new IllegalArgumentException("x[" + i + "] = " + x[i] + " after " + x[i - 1] + " in " + name);
            }
        }
        x = x.clone();
        y = y.clone();
    }

    @Override
    public double[] x() {
        return x.clone();
    }

    @Override
    public double[] y() {
        return y.clone();
    }
}
