package org.dilort.config;

/**
 * What a run writes for other programs to read beside {@code metrics.jsonl}.
 *
 * @param tensorboard event files under {@code tensorboard} in the output folder
 */
public record LogConfig(boolean tensorboard) implements Section {}
