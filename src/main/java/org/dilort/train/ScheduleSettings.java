package org.dilort.train;

/**
 * How the learning rate moves.
 *
 * @param learningRate the peak
 * @param warmupRatio share of all steps, 0 to 1, over which the rate rises linearly
 */
public record ScheduleSettings(Shape shape, double learningRate, double warmupRatio) {

    /** What follows the warm-up. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public ScheduleSettings {
        if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learning rate = " + learningRate + ", expected 0 or more, finite");
        }
        if (!(warmupRatio >= 0 && warmupRatio <= 1)) {
            throw new IllegalArgumentException("warm-up ratio = " + warmupRatio + ", expected 0 to 1");
        }
    }
}
