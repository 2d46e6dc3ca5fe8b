package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.dilort.report.Headline;

/** What alignment changed on the held-out set, as a table for people. */
final class BeforeAndAfter {
    private BeforeAndAfter() {}

    /** A line for each number that both have. */
    static List<String> table(SortedMap<String, Double> before, SortedMap<String, Double> after) {
        List<String> lines = new ArrayList<>();
        if (before.isEmpty() || after.isEmpty()) {
            return lines;
        }
        lines.add(String.format(Locale.ROOT, "%-26s %10s %10s", "held-out pairs", "before", "after"));
        for (Headline headline : Headline.values()) {
            String metric = headline.metric();
            if (before.containsKey(metric) && after.containsKey(metric)) {
                lines.add(String.format(
                        Locale.ROOT, "%-26s %10.3f %10.3f", headline.label(), before.get(metric), after.get(metric)));
            }
        }
        return lines;
    }
}
