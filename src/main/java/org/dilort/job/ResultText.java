package org.dilort.job;

import java.util.Locale;
import org.dilort.eval.TaskResult;

/** Numbers of results as tables show them. */
final class ResultText {
    private ResultText() {}

    /** {@code -} for one that was not computed. */
    static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4f", value) : "-";
    }

    static String number(TaskResult result, String metric) {
        return number(result.value(metric));
    }

    static String count(TaskResult result, String metric) {
        return String.format(Locale.ROOT, "%.0f", result.value(metric));
    }

    static String mean(TaskResult result, String metric) {
        return String.format(Locale.ROOT, "%.1f", result.value(metric));
    }

    static String interval(TaskResult result, String metric) {
        return interval(result.value(metric + "_ci_low"), result.value(metric + "_ci_high"));
    }

    static String interval(double low, double high) {
        return number(low) + " .. " + number(high);
    }
}
