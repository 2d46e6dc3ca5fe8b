package org.dilort.heads;

import java.util.List;

/**
 * Supervised fine-tuning: negative log-likelihood of the chosen response, the mean over all scored tokens of the
 * optimizer step.
 *
 * <p>loss of a pair = -log p(chosen) * pairs / tokens, both counted over the whole step, so that the mean over pairs is
 * the mean over tokens for any micro-batching. It needs no rejected response and no reference; its rewards are the
 * log-probability sums.
 */
final class Sft implements Head {

    @Override
    public String name() {
        return "sft";
    }

    @Override
    public String formula() {
        return "-log p(chosen) * pairs / chosen tokens";
    }

    @Override
    public List<Coefficient> coefficients() {
        return List.of();
    }

    @Override
    public List<Reduction> reductions() {
        return List.of(Reduction.SUM);
    }

    @Override
    public boolean needsReference() {
        return false;
    }

    @Override
    public boolean needsRejected() {
        return false;
    }

    @Override
    public HeadOutputs build(HeadInputs in) {
        return new HeadOutputs(in.chosenTokenNll(), in.logps());
    }
}
