package org.dilort.job;

import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.train.EvaluationReport;
import org.dilort.train.TrainingListener;

/** Remembers the newest evaluation. */
final class LastEvaluation implements TrainingListener {
    private SortedMap<String, Double> metrics = new TreeMap<>();

    @Override
    public void onEvaluation(EvaluationReport report) {
        metrics = report.metrics();
    }

    /** Empty before the first evaluation. */
    SortedMap<String, Double> metrics() {
        return new TreeMap<>(metrics);
    }
}
