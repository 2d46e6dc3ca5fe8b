package org.dilort.config;

/**
 * Lion; read with {@code train.optimizer: lion} only.
 *
 * @param beta1 share of the momentum in the direction of a step
 * @param beta2 share of the momentum that stays
 */
public record LionConfig(double beta1, double beta2) implements Section {

    public LionConfig {
        Require.decayRate("beta1", beta1);
        Require.decayRate("beta2", beta2);
    }
}
