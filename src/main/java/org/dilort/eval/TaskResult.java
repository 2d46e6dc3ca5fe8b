package org.dilort.eval;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a task gives, under the names of lm-evaluation-harness.
 *
 * @param shots solved examples before each question
 * @param values by {@code metric,filter}, in the order of the file, counts as {@link Long}; one that is not a number is written {@code N/A}, as the
 *     harness does for errors that it does not compute
 */
public record TaskResult(String name, int shots, long samples, Map<String, Number> values) {
    private static final String NO_FILTER = "none";

    public TaskResult {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Whether it has this metric, unfiltered. */
    public boolean has(String metric) {
        return values.containsKey(metric + "," + NO_FILTER);
    }

    public double value(String metric) {
        return value(metric, NO_FILTER);
    }

    public double value(String metric, String filter) {
        Number value = values.get(metric + "," + filter);
        if (value == null) {
            throw new IllegalArgumentException(metric + "," + filter + ": not in " + values.keySet());
        }
        return value.doubleValue();
    }

    /** Collects the values of one result. */
    public static final class Values {
        private final Map<String, Number> values = new LinkedHashMap<>();

        public Values put(String metric, double value) {
            return put(metric, NO_FILTER, value);
        }

        public Values count(String metric, long count) {
            values.put(metric + "," + NO_FILTER, count);
            return this;
        }

        public Values put(String metric, String filter, double value) {
            values.put(metric + "," + filter, value);
            return this;
        }

        /** A mean with its error under {@code METRIC_stderr}. */
        public Values put(String metric, Mean mean) {
            return put(metric, mean.value()).put(metric + "_stderr", mean.error());
        }

        public Values put(String metric, Share share) {
            return put(metric, NO_FILTER, share);
        }

        /** A share with its error under {@code METRIC_stderr}. */
        public Values put(String metric, String filter, Share share) {
            return put(metric, filter, share.value()).put(metric + "_stderr", filter, share.error());
        }

        /** An interval under {@code METRIC_ci_low} and {@code METRIC_ci_high}. */
        public Values put(String metric, Interval interval) {
            return put(metric + "_ci_low", interval.low()).put(metric + "_ci_high", interval.high());
        }

        public TaskResult result(String name, int shots, long samples) {
            return new TaskResult(name, shots, samples, values);
        }
    }
}
