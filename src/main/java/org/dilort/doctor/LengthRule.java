package org.dilort.doctor;

import java.util.List;
import java.util.Optional;
import org.dilort.data.TokenizedPair;
import org.dilort.heads.Objective;
import org.dilort.heads.Reduction;

/**
 * A log-probability that is summed over tokens grows with their number, so a head with {@code reduction: sum} can win
 * margin by length alone. Said of {@value #PAIRS} pairs or more whose longer side has on average {@value #TIMES} times
 * the tokens of the other, and {@value #TOKENS} more.
 */
final class LengthRule implements Rule {
    private static final int PAIRS = 100;
    private static final double TIMES = 1.5;
    private static final double TOKENS = 5;

    private final Objective objective;
    private final int pairs;
    private final PairLengths lengths;

    LengthRule(Objective objective, List<TokenizedPair> pairs) {
        this.objective = objective;
        this.pairs = pairs.size();
        this.lengths = PairLengths.of(pairs);
    }

    @Override
    public Optional<Remark> atStart() {
        double longer = Math.max(lengths.chosen(), lengths.rejected());
        double shorter = Math.min(lengths.chosen(), lengths.rejected());
        boolean summed = objective.terms().stream()
                .map(Objective.Term::spec)
                .anyMatch(head -> head.head().needsRejected() && head.reduction() == Reduction.SUM);
        if (!summed || pairs < PAIRS || longer < TIMES * shorter || longer - shorter < TOKENS) {
            return Optional.empty();
        }
        return Optional.of(Topic.LENGTH_BIAS.note(
                0,
                "chosen responses have " + Numbers.of(lengths.chosen()) + " tokens on average, rejected ones "
                        + Numbers.of(lengths.rejected()) + ", expected less than " + TIMES
                        + " times as many: with head.reduction sum the policy may learn "
                        + (lengths.chosen() > lengths.rejected() ? "to write more" : "to write less")
                        + " rather than better; try head.reduction mean (with a greater head.beta, since means are smaller),"
                        + " head.name ld_dpo, or pairs of like length"));
    }
}
