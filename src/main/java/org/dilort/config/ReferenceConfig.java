package org.dilort.config;

import java.nio.file.Path;

/**
 * The frozen reference.
 *
 * @param cache folder of the log-probability cache, by default {@code reference-cache} beside {@code output}
 */
public record ReferenceConfig(ReferenceModel path, Path cache) implements Section {}
