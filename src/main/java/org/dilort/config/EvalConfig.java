package org.dilort.config;

/**
 * What is measured on {@code data.eval} beside the loss.
 *
 * @param generate greedy answers before and after training, or {@link GenerateConfig#NONE}
 * @param best the metric that the run is judged by, or {@link BestConfig#NONE}
 */
public record EvalConfig(GenerateConfig generate, BestConfig best) implements Section {}
