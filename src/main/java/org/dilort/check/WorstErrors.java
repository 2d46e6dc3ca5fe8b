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

    /** What a difference may be anyway. */
    private final double lossFloor;

    private final double gradientFloor;
    private double loss;
    private double gradient;

    WorstErrors() {
        this(0, 0);
    }

    private WorstErrors(double lossFloor, double gradientFloor) {
        this.lossFloor = lossFloor;
        this.gradientFloor = gradientFloor;
    }

    /** With floors that training does not feel: 1e-6 of a loss, 1e-8 of a gradient. */
    static WorstErrors withFloors() {
        return new WorstErrors(1e-6, 1e-8);
    }

    void loss(double actual, Dual expected) {
        if (inFloat(expected.value(), expected.size(), expected)) {
            double scale = Math.max(Math.abs(expected.value()), LOSS_SHARE * expected.size());
            loss = worse(loss, Math.abs(actual - expected.value()) - lossFloor, scale);
        }
    }

    void gradient(double actual, double expected, double size) {
        double scale = Math.max(Math.abs(expected), GRADIENT_SHARE * size);
        gradient = worse(gradient, Math.abs(actual - expected) - gradientFloor, scale);
    }

    /** Whether float holds all that the number is made of. */
    static boolean inFloat(double value, double size, Dual of) {
        return Math.abs(value) < Float.MAX_VALUE && size < Float.MAX_VALUE && of.peak() < Float.MAX_VALUE;
    }

    private static double worse(double worst, double difference, double scale) {
        double error = difference / Math.max(scale, TINY);
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
