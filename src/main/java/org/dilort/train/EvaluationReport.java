package org.dilort.train;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an evaluation after a step found.
 *
 * @param metrics by name, without the prefix {@code eval_}
 */
public record EvaluationReport(long step, SortedMap<String, Double> metrics) {

    public EvaluationReport {
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }
}
