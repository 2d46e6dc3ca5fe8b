package org.dilort.config;

import java.nio.file.Path;

/**
 * The frozen reference.
 *
 * @param cache folder of the log-probability cache, by default {@code reference-cache} beside {@code output}
 * @param microBatchTokens budget of one micro-batch of the pass that fills it, by default that of training
 */
public record ReferenceConfig(ReferenceModel path, Path cache, int microBatchTokens) implements Section {

    public ReferenceConfig {
        Require.wholeNumber("micro_batch_tokens", microBatchTokens, 1);
    }
}
