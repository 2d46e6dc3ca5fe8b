package org.dilort.runtime;

/**
 * What one micro-batch gave.
 *
 * @param loss the micro-batch's share of the step's loss: the sum of pair weight times pair loss
 * @param losses {@code [pairs]}
 * @param policyLogps {@code [pairs * 2]}, log-probability sums, chosen then rejected of each pair
 * @param rewards {@code [pairs * 2]}, beta times the log-ratio that the head uses
 * @param flags what was noticed about each pair
 */
public record StepResult(float loss, float[] losses, float[] policyLogps, float[] rewards, PairFlags flags) {}
