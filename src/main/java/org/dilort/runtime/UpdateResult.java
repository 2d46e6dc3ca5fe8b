package org.dilort.runtime;

/**
 * What one optimizer step did.
 *
 * @param gradientNorm global L2 norm before clipping
 * @param applied false when the gradient was not finite and nothing was changed
 */
public record UpdateResult(double gradientNorm, boolean applied) {}
