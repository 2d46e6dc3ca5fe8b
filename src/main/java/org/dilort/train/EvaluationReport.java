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

    /** The metric's name for held-out pairs that have a name, which is TRL's. */
    public static String named(String set, String metric) {
        return set + "_" + metric;
    }

    /** The metrics of all held-out pairs under an empty name; those that are called {@code NAME_metric} under theirs. */
    public SortedMap<String, SortedMap<String, Double>> bySet() {
        SortedMap<String, SortedMap<String, Double>> sets = new TreeMap<>();
        metrics.forEach((name, value) -> {
            int end = name.lastIndexOf('_');
            sets.computeIfAbsent(name.substring(0, Math.max(0, end)), set -> new TreeMap<>())
                    .put(name.substring(end + 1), value);
        });
        return sets;
    }
}
