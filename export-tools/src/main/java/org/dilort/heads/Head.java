package org.dilort.heads;

import java.util.List;
import java.util.Set;

/** A preference loss: one formula over a pair's log-probabilities. */
public interface Head {

    String name();

    /**
     * One line, w chosen, l rejected: p the policy's log-probability, q the log-ratio to the reference (both a sum or a
     * mean over response tokens, as the reduction says), f = beta q.
     */
    String formula();

    List<Coefficient> coefficients();

    /** The reductions that make sense, the default first. */
    default List<Reduction> reductions() {
        return List.of(Reduction.SUM, Reduction.MEAN);
    }

    /** The variants that the head has, the default first. */
    default List<Variant> variants() {
        return List.of(Variant.POINTWISE);
    }

    default Scope scope() {
        return Scope.PAIR;
    }

    default Set<OptionalInput> optionalInputs() {
        return Set.of();
    }

    default boolean needsReference() {
        return true;
    }

    default boolean needsRejected() {
        return true;
    }

    HeadOutputs build(HeadInputs inputs);
}
