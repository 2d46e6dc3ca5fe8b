package org.dilort.artifacts;

/**
 * AdamW's settings (arXiv 1711.05101), as PyTorch defines the update.
 *
 * @param maxGradientNorm bound of the global gradient norm; infinity clips nothing
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
    public AdamW {
        boolean valid = beta1 >= 0
                && beta1 < 1
                && beta2 >= 0
                && beta2 < 1
                && epsilon > 0
                && weightDecay >= 0
                && maxGradientNorm > 0;
        if (!valid) {
            throw new IllegalArgumentException("AdamW settings out of range: beta1 " + beta1 + ", beta2 " + beta2
                    + ", epsilon " + epsilon + ", weight decay " + weightDecay + ", max norm " + maxGradientNorm);
        }
    }
}
