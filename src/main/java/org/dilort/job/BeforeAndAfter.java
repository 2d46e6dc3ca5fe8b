package org.dilort.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** What alignment changed on the held-out set, as a table for people. */
final class BeforeAndAfter {
    /** Share of greedy answers that are right. */
    static final String ANSWERS = "answers/right";

    private static final List<Map.Entry<String, String>> ROWS = List.of(
            Map.entry("accuracy", "preference accuracy"),
            Map.entry("logps/chosen", "log-probability chosen"),
            Map.entry("logps/rejected", "log-probability rejected"),
            Map.entry("margin", "margin"),
            Map.entry(ANSWERS, "greedy answers right"));

    private BeforeAndAfter() {}

    /** A line for each number that both have. */
    static List<String> table(SortedMap<String, Double> before, SortedMap<String, Double> after) {
        List<String> lines = new ArrayList<>();
        if (before.isEmpty() || after.isEmpty()) {
            return lines;
        }
        lines.add(String.format(Locale.ROOT, "%-26s %10s %10s", "held-out pairs", "before", "after"));
        for (Map.Entry<String, String> row : ROWS) {
            if (before.containsKey(row.getKey()) && after.containsKey(row.getKey())) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%-26s %10.3f %10.3f",
                        row.getValue(),
                        before.get(row.getKey()),
                        after.get(row.getKey())));
            }
        }
        return lines;
    }
}
