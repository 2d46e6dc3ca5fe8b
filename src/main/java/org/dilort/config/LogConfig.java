package org.dilort.config;

/**
 * What a run tells other programs beside {@code metrics.jsonl}.
 *
 * @param tensorboard event files under {@code tensorboard} in the output folder
 * @param prometheus where its newest figures can be asked for while it goes on
 * @param mlflow the server that it sends its metrics to, or {@link MlflowConfig#NONE}
 */
public record LogConfig(boolean tensorboard, ListenAddress prometheus, MlflowConfig mlflow) implements Section {}
