/**
 * The training loop and what watches it: schedule, metrics, progress, evaluation, checkpoints, the run's folder and
 * the cache of reference log-probabilities. Nothing here knows a loss, a model or a configuration file.
 */
package org.dilort.train;
