package org.dilort.check;

/**
 * The largest errors so far, each relative to the expected number. Where terms cancel, float can only be right to the
 * digits of the larger ones: there it is relative to 1/33 of their magnitude, and below 1e-30 to that.
 */
final class WorstErrors {
    /** Of losses and rewards; with the share below, 3e-7 of the terms, five times float's rounding. */
    static final double LOSS_TOLERANCE = 1e-5;

    static final double GRADIENT_TOLERANCE = 1e-4;
    private static final double LOSS_SHARE = 0.03;
    private static final double GRADIENT_SHARE = 0.003;
    private static final double TINY = 1e-30;

    private double loss;
    private double gradient;

    void loss(double actual, Dual expected) {
        if (inFloat(expected.value(), expected.size(), expected)) {
            double scale = Math.max(Math.abs(expected.value()), LOSS_SHARE * expected.size());
            loss = worse(loss, actual - expected.value(), scale);
        }
    }

    void gradient(double actual, double expected, double size) {
        double scale = Math.max(Math.abs(expected), GRADIENT_SHARE * size);
        gradient = worse(gradient, actual - expected, scale);
    }

    /** Whether float holds all that the number is made of. */
    static boolean inFloat(double value, double size, Dual of) {
        return Math.abs(value) < Float.MAX_VALUE && size < Float.MAX_VALUE && of.peak() < Float.MAX_VALUE;
    }

    private static double worse(double worst, double difference, double scale) {
        double error = Math.abs(difference) / Math.max(scale, TINY);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }

    double loss() {
        return loss;
    }

    double gradient() {
        return gradient;
    }

    boolean withinTolerance() {
        return loss <= LOSS_TOLERANCE && gradient <= GRADIENT_TOLERANCE;
    }
}
