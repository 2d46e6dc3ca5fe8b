package org.dilort.train;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A metric of evaluations whose best value is kept.
 *
 * @param metric its name without the prefix {@code eval_}
 * @param minDelta by how much a value must be better to count, &gt;= 0
 */
public record BestRule(String metric, Goal goal, double minDelta) {

    /** Which of two values is the better. */
    public enum Goal {
        HIGHEST,
        LOWEST
    }

    /** {@code best} with this rule's metric from {@code report}, if it is better; the first of equals stays. */
    SortedMap<String, Best> apply(SortedMap<String, Best> best, EvaluationReport report) {
        double value = report.metrics().getOrDefault(metric, Double.NaN);
        if (!Double.isFinite(value)
                || (best.containsKey(metric)
                        && !improves(value, best.get(metric).value()))) {
            return best;
        }
        SortedMap<String, Best> updated = new TreeMap<>(best);
        updated.put(metric, new Best(value, report.step()));
        return updated;
    }

    private boolean improves(double value, double best) {
        return switch (goal) {
            case HIGHEST -> value > best + minDelta;
            case LOWEST -> value < best - minDelta;
        };
    }
}
