package org.dilort.check;

/**
 * A number in float64 with its slopes in all variables of a batch: forward differentiation, which shares nothing with
 * the backward rules that the graphs are differentiated by.
 *
 * <p>Beside value and slopes it carries what float can be asked for: {@link #size}, the magnitude of the terms that made
 * it, larger than the value where they cancel, and {@link #peak}, the largest number on the way.
 */
final class Dual {
    private static final double[] NONE = {};

    private final double value;
    private final double size;
    private final double peak;
    private final double[] slopes;
    private final double[] slopeSizes;

    private Dual(double value, double size, double peak, double[] slopes, double[] slopeSizes) {
        this.value = value;
        this.size = size;
        this.peak = Math.max(peak, Math.abs(value));
        this.slopes = slopes;
        this.slopeSizes = slopeSizes;
    }

    static Dual constant(double value) {
        return new Dual(value, Math.abs(value), 0, NONE, NONE);
    }

    static Dual variable(double value, int index, int count) {
        double[] slopes = new double[count];
        slopes[index] = 1;
        return new Dual(value, Math.abs(value), 0, slopes, slopes);
    }

    double value() {
        return value;
    }

    double size() {
        return size;
    }

    double peak() {
        return peak;
    }

    double slope(int variable) {
        return slopes.length == 0 ? 0 : slopes[variable];
    }

    double slopeSize(int variable) {
        return slopeSizes.length == 0 ? 0 : slopeSizes[variable];
    }

    Dual plus(Dual other) {
        return combined(value + other.value, size + other.size, 1, other, 1);
    }

    Dual plus(double other) {
        return plus(constant(other));
    }

    Dual minus(Dual other) {
        return combined(value - other.value, size + other.size, 1, other, -1);
    }

    Dual times(Dual other) {
        double product = Math.abs(value) * other.size + Math.abs(other.value) * size;
        return combined(value * other.value, product, other.value, other, value);
    }

    Dual times(double factor) {
        return apply(value * factor, factor);
    }

    Dual negated() {
        return times(-1);
    }

    Dual square() {
        return apply(value * value, 2 * value);
    }

    Dual exp() {
        double result = Math.exp(value);
        return apply(result, result);
    }

    Dual log() {
        return apply(Math.log(value), 1 / value);
    }

    /** log(1 + e^x). */
    Dual softplus() {
        double result = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
        return apply(result, 1 / (1 + Math.exp(-value)));
    }

    Dual logSigmoid() {
        return negated().softplus().negated();
    }

    Dual sigmoid() {
        return logSigmoid().exp();
    }

    /** log(1 - e^x), x below 0. */
    Dual log1mexp() {
        double rest = -Math.expm1(value);
        return apply(Math.log(rest), -Math.exp(value) / rest);
    }

    /** max(0, x), with slope 0 at 0. */
    Dual positivePart() {
        return value > 0 ? this : times(0);
    }

    private Dual apply(double result, double derivative) {
        double carried = Math.abs(derivative) * size;
        return new Dual(
                result, Math.max(Math.abs(result), carried), peak, scaled(slopes, derivative), scaledSizes(derivative));
    }

    private static double[] scaled(double[] values, double factor) {
        double[] results = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            results[i] = values[i] == 0 ? 0 : values[i] * factor;
        }
        return results;
    }

    /** Never 0 for a variable that the number is made of, even where the slope vanishes. */
    private double[] scaledSizes(double factor) {
        double[] results = scaled(slopeSizes, Math.abs(factor));
        for (int i = 0; i < results.length; i++) {
            results[i] = slopeSizes[i] == 0 ? 0 : Math.max(results[i], Double.MIN_VALUE);
        }
        return results;
    }

    private Dual combined(double result, double resultSize, double factor, Dual other, double otherFactor) {
        return new Dual(
                result,
                resultSize,
                Math.max(peak, other.peak),
                sum(scaled(slopes, factor), scaled(other.slopes, otherFactor)),
                sum(scaledSizes(factor), other.scaledSizes(otherFactor)));
    }

    private static double[] sum(double[] a, double[] b) {
        if (a.length == 0 || b.length == 0) {
            return a.length == 0 ? b : a;
        }
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i];
        }
        return a;
    }
}
