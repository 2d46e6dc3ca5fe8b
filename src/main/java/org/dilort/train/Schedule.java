package org.dilort.train;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The learning rate of every step of a run.
 *
 * <p>With T steps and W = ceil(warmup_ratio T), step t = 1..T has the peak rate times t/W up to W, then times
 *
 * <pre>
 * constant  1
 * linear    (T - t + 1) / (T - W)
 * cosine    0.5 (1 + cos(pi (t - 1 - W) / (T - W)))
 * </pre>
 *
 * <p>The ratio counts as the decimal number that was written: 0.07 of 100 steps is 7, not the 8 of binary rounding.
 */
public final class Schedule {
    private final ScheduleSettings settings;
    private final long steps;
    private final long warmupSteps;

    public Schedule(ScheduleSettings settings, long steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps = " + steps + ", expected 1 or more");
        }
        this.settings = settings;
        this.steps = steps;
        this.warmupSteps = BigDecimal.valueOf(settings.warmupRatio())
                .multiply(BigDecimal.valueOf(steps))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    public long steps() {
        return steps;
    }

    public long warmupSteps() {
        return warmupSteps;
    }

    /** The highest rate. */
    public double peak() {
        return settings.learningRate();
    }

    public double learningRate(long step) {
        if (step < 1 || step > steps) {
            throw new IllegalArgumentException("step = " + step + ", expected 1 to " + steps);
        }
        return settings.learningRate() * factor(step);
    }

    private double factor(long step) {
        if (step <= warmupSteps) {
            return (double) step / warmupSteps;
        }
        double decaySteps = steps - warmupSteps;
        return switch (settings.shape()) {
            case CONSTANT -> 1;
            case LINEAR -> (steps - step + 1) / decaySteps;
            case COSINE -> 0.5 * (1 + Math.cos(Math.PI * (step - 1 - warmupSteps) / decaySteps));
        };
    }
}
