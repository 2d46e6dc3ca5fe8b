package org.dilort.config;

/**
 * Adafactor; read with {@code train.optimizer: adafactor} only.
 *
 * @param decayRate second moments follow the gradient by step^-decayRate; what transformers writes as -0.8 is 0.8
 * @param epsilon is added to the squared gradient
 * @param clipThreshold bound of the root mean square of a parameter's update, before the learning rate
 */
public record AdafactorConfig(double decayRate, double epsilon, double clipThreshold) implements Section {
    private static final double LEAST_EPSILON = 1e-37;

    public AdafactorConfig {
        Require.check(decayRate > 0 && decayRate <= 1, "decay_rate", decayRate, "a number > 0 and <= 1");
        Require.check(epsilon >= LEAST_EPSILON && epsilon < 1, "epsilon", epsilon, "a number >= 1e-37 and < 1");
        Require.positive("clip_threshold", clipThreshold);
    }
}
