package org.dilort.config;

/**
 * Gradient descent with momentum; read with {@code train.optimizer: sgd} only.
 *
 * @param nesterov look one step of the momentum ahead
 */
public record SgdConfig(double momentum, boolean nesterov) implements Section {

    public SgdConfig {
        Require.decayRate("momentum", momentum);
        Require.check(!nesterov || momentum > 0, "nesterov", true, "false where the momentum is 0");
    }
}
