package org.dilort.job;

import java.util.Locale;
import org.dilort.eval.TaskResult;

/** Numbers of results as tables show them. */
final class ResultText {
    private ResultText() {}

    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "-";
    }

    /** The 95 % interval of a metric. */
    static String interval(TaskResult result, String metric) {
        return number(result.value(metric + "_ci_low")) + " .. " + number(result.value(metric + "_ci_high"));
    }
}
