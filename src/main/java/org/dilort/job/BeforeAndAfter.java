package org.dilort.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.dilort.report.Headline;

/** What alignment changed on the held-out set, as a table for people. */
final class BeforeAndAfter {
    private static final int LABEL = 26;

    private BeforeAndAfter() {}

    /** A line for each number that both have. */
    static List<String> table(SortedMap<String, Double> before, SortedMap<String, Double> after) {
        List<String> lines = new ArrayList<>();
        if (before.isEmpty() || after.isEmpty()) {
            return lines;
        }
        Map<String, String> labels = labels(before.keySet());
        labels.keySet().retainAll(before.keySet());
        labels.keySet().retainAll(after.keySet());
        int width = labels.values().stream().mapToInt(String::length).max().orElse(0);
        String row = "%-" + Math.max(LABEL, width) + "s %10s %10s";
        lines.add(String.format(Locale.ROOT, row, "held-out pairs", "before", "after"));
        labels.forEach((metric, label) -> lines.add(
                String.format(Locale.ROOT, row, label, number(before.get(metric)), number(after.get(metric)))));
        return lines;
    }

    /** Of all held-out pairs, then of those that have a name. */
    private static Map<String, String> labels(Set<String> metrics) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Headline headline : Headline.values()) {
            labels.put(headline.metric(), headline.label());
        }
        for (String set : Headline.sets(metrics)) {
            for (Headline headline : Headline.values()) {
                labels.put(headline.metric(set), headline.label(set));
            }
        }
        return labels;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
