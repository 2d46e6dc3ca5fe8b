package org.dilort.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.chart.TextTable;

/**
 * What came of groups of runs on their held-out pairs: mean and standard deviation over the runs of each.
 *
 * @param rows as long as the header
 */
record ComparisonTable(List<String> header, List<List<String>> rows) {
    private static final Map<String, String> COLUMNS = new LinkedHashMap<>();

    static {
        COLUMNS.put("accuracy", "accuracy");
        COLUMNS.put("logps/chosen", "logp chosen");
        COLUMNS.put("logps/rejected", "logp rejected");
        COLUMNS.put("margin", "margin");
        COLUMNS.put("answers/right", "answers right");
    }

    ComparisonTable {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
    }

    /** A column for each metric that any group has. */
    static ComparisonTable of(Comparison comparison) {
        List<String> header = new ArrayList<>(List.of("run", "runs"));
        List<List<String>> rows = new ArrayList<>();
        for (Comparison.Group group : comparison.groups()) {
            rows.add(new ArrayList<>(
                    List.of(group.name(), String.valueOf(group.runs().size()))));
        }
        COLUMNS.forEach((metric, name) -> {
            List<Spread> spreads = comparison.groups().stream()
                    .map(group -> group.after(metric))
                    .toList();
            if (spreads.stream().anyMatch(spread -> spread.count() > 0)) {
                header.add(name);
                for (int i = 0; i < rows.size(); i++) {
                    rows.get(i).add(spreads.get(i).text());
                }
            }
        });
        return new ComparisonTable(header, rows);
    }

    List<String> lines() {
        TextTable table = new TextTable(header.toArray(String[]::new));
        rows.forEach(row -> table.add(row.toArray(String[]::new)));
        return table.lines();
    }
}
