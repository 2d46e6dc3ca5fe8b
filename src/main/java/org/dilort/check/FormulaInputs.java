package org.dilort.check;

import java.util.ArrayList;
import java.util.List;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.OptionalInput;
import org.dilort.heads.Reduction;

/**
 * What a formula reads, in float64. The variables are the policy's sums, then what a head may ask for that carries a
 * gradient too: the tokens' log-probabilities or the prompts'.
 */
final class FormulaInputs {
    private final HeadSpec spec;
    private final HeadBatch batch;
    private final List<HeadBatch.Token> tokens;
    private final int variables;

    FormulaInputs(HeadSpec spec, HeadBatch batch) {
        this.spec = spec;
        this.batch = batch;
        this.tokens = asks(OptionalInput.TOKEN_LOGPS) ? batch.tokens() : List.of();
        int prompts = asks(OptionalInput.PROMPT_LOGPS) ? batch.pairs() : 0;
        this.variables = batch.sequences() + tokens.size() + prompts;
    }

    private boolean asks(OptionalInput input) {
        return spec.head().optionalInputs().contains(input);
    }

    HeadBatch batch() {
        return batch;
    }

    /** A coefficient. */
    double c(String name) {
        return spec.coefficients().get(name);
    }

    /** Of a head without beta, 1. */
    double beta() {
        return spec.coefficients().getOrDefault("beta", 1.0);
    }

    HeadSpec spec() {
        return spec;
    }

    /** Sum of a response's log-probabilities. */
    Dual sum(int sequence) {
        return Dual.variable(batch.policy()[sequence], sequence, variables);
    }

    Dual reduced(Dual sum, int sequence) {
        return spec.reduction() == Reduction.MEAN ? sum.times(1 / batch.lengths()[sequence]) : sum;
    }

    Dual p(int sequence) {
        return reduced(sum(sequence), sequence);
    }

    Dual reference(int sequence) {
        return reduced(Dual.constant(batch.reference()[sequence]), sequence);
    }

    Dual q(int sequence) {
        return reduced(exactDifference(sequence), sequence);
    }

    /** Both sums are exact in float and so is their difference: no digit is lost, however large they are. */
    private Dual exactDifference(int sequence) {
        return Dual.variable(batch.policy()[sequence] - batch.reference()[sequence], sequence, variables);
    }

    Dual f(int sequence) {
        return q(sequence).times(c("beta"));
    }

    /** f as a number that no slope goes through. */
    Dual detachedF(int sequence) {
        return Dual.constant(f(sequence).value());
    }

    /** Negative log-likelihood of the step's average chosen token: a pair's part of it, times the step's pairs. */
    Dual tokenNll(int chosen) {
        return sum(chosen).times(-batch.pairs() / batch.chosenTokens());
    }

    Dual responseNll(int chosen) {
        return sum(chosen).times(-1 / batch.lengths()[chosen]);
    }

    Dual prompt(int pair) {
        return Dual.variable(batch.promptLogps(pair), batch.sequences() + tokens.size() + pair, variables);
    }

    /** A token with its log-ratio. */
    record TokenRatio(HeadBatch.Token token, Dual ratio) {}

    List<TokenRatio> tokenRatios() {
        List<TokenRatio> ratios = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            HeadBatch.Token token = tokens.get(i);
            double ratio = token.policy() - token.reference();
            ratios.add(new TokenRatio(token, Dual.variable(ratio, batch.sequences() + i, variables)));
        }
        return ratios;
    }

    /** e^x, above the cap c its tangent e^c (1 + x - c). */
    Dual exp(Dual x) {
        double cap = c("exp_cap");
        return x.value() <= cap ? x.exp() : x.plus(1 - cap).times(Math.exp(cap));
    }
}
