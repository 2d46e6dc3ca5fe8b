package org.dilort.heads;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a run minimises: one head, or several whose losses add up, each times its weight. The rewards are those of the
 * first.
 */
public record Objective(List<Term> terms) {

    /** Values of one head's state. */
    public static final int STATE_VALUES = 2;

    public Objective {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("no heads, expected one or more");
        }
    }

    /** @param weight factor of the head's losses, &gt; 0 */
    public record Term(HeadSpec spec, double weight) {
        public Term {
            if (!(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException("weight " + weight + ", expected a finite number > 0");
            }
        }

        Head head() {
            return spec.head();
        }

        boolean hasState() {
            return head().optionalInputs().contains(OptionalInput.STATE);
        }
    }

    public static Objective of(HeadSpec head) {
        return new Objective(List.of(new Term(head, 1)));
    }

    /** Names of the heads, for messages. */
    public String name() {
        return terms.stream().map(term -> term.head().name()).collect(Collectors.joining(" + "));
    }

    public boolean needsReference() {
        return terms.stream().anyMatch(term -> term.head().needsReference());
    }

    public boolean needsRejected() {
        return terms.stream().anyMatch(term -> term.head().needsRejected());
    }

    /** The whole step as soon as one head needs it. */
    public Scope scope() {
        return terms.stream().anyMatch(term -> term.head().scope() == Scope.STEP) ? Scope.STEP : Scope.PAIR;
    }

    public Set<OptionalInput> optionalInputs() {
        Set<OptionalInput> all = EnumSet.noneOf(OptionalInput.class);
        terms.forEach(term -> all.addAll(term.head().optionalInputs()));
        return all;
    }

    public boolean asksFor(OptionalInput input) {
        return optionalInputs().contains(input);
    }

    /** Names of a model's outputs that the losses are differentiated by, {@code policy_logps} first. */
    public List<String> carriers() {
        List<String> names = new ArrayList<>(List.of(HeadInputs.POLICY_LOGPS));
        optionalInputs().forEach(input -> names.addAll(input.carriers()));
        return List.copyOf(names);
    }

    /** Values of the states of all heads that have one, one after the other; 0 without any. */
    public int stateSize() {
        return STATE_VALUES * (int) terms.stream().filter(Term::hasState).count();
    }
}
