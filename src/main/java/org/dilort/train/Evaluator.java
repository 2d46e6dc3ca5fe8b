package org.dilort.train;

import java.util.SortedMap;

/** Measures the policy as it is now. */
@FunctionalInterface
public interface Evaluator {

    /**
     * As it is after {@code step}.
     *
     * @return metrics by name, without the prefix {@code eval_}
     */
    SortedMap<String, Double> evaluate(long step);
}
