package org.dilort.eval;

import java.util.Arrays;
import org.dilort.error.ConfigException;
import org.dilort.heads.Coefficient;
import org.dilort.heads.Head;
import org.dilort.heads.Reduction;

/**
 * The implicit reward of a head: beta times the log-ratio of policy and reference, summed or averaged over the response's
 * tokens.
 */
public record Reward(String head, double beta, Reduction reduction) {
    private static final String BETA = "beta";

    public Reward {
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new ConfigException("--beta: got " + beta + ", expected a number > 0");
        }
    }

    /**
     * With the head's own beta and its first reduction.
     *
     * @throws ConfigException for a head without reference
     */
    public static Reward of(Head head) {
        if (!head.needsReference()) {
            throw new ConfigException(
                    "--head: got " + head.name() + ", which needs no reference, expected a head that does");
        }
        double beta = head.coefficients().stream()
                .filter(coefficient -> coefficient.name().equals(BETA))
                .mapToDouble(Coefficient::defaultValue)
                .findFirst()
                .orElse(1);
        return new Reward(head.name(), beta, head.reductions().get(0));
    }

    public Reward withBeta(double other) {
        return new Reward(head, other, reduction);
    }

    /** @param policy of the tokens of one response, as {@code reference} */
    double of(double[] policy, double[] reference) {
        double ratio = Arrays.stream(policy).sum() - Arrays.stream(reference).sum();
        return beta * (reduction == Reduction.SUM ? ratio : ratio / policy.length);
    }

    /** Chosen less rejected. */
    public double margin(TokenLogps policy, TokenLogps reference) {
        return of(policy.chosen(), reference.chosen()) - of(policy.rejected(), reference.rejected());
    }

    @Override
    public String toString() {
        return head + ", beta " + beta + ", " + (reduction == Reduction.SUM ? "sum" : "mean") + " over tokens";
    }
}
