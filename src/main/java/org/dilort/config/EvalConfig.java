package org.dilort.config;

/**
 * What is measured on {@code data.eval} beside the loss.
 *
 * @param generate greedy answers before and after training, or {@link GenerateConfig#NONE}
 */
public record EvalConfig(GenerateConfig generate) implements Section {}
