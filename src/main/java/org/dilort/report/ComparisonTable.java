package org.dilort.report;

import java.util.ArrayList;
import java.util.List;
import org.dilort.chart.TextTable;

/**
 * What came of groups of runs on their held-out pairs: mean and standard deviation over the runs of each.
 *
 * @param rows as long as the header
 */
record ComparisonTable(List<String> header, List<List<String>> rows) {
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
        for (Headline headline : Headline.values()) {
            List<Spread> spreads = comparison.groups().stream()
                    .map(group -> group.after(headline.metric()))
                    .toList();
            if (spreads.stream().anyMatch(spread -> spread.count() > 0)) {
                header.add(headline.brief());
                for (int i = 0; i < rows.size(); i++) {
                    rows.get(i).add(spreads.get(i).text());
                }
            }
        }
        return new ComparisonTable(header, rows);
    }

    List<String> lines() {
        TextTable table = new TextTable(header.toArray(String[]::new));
        rows.forEach(row -> table.add(row.toArray(String[]::new)));
        return table.lines();
    }
}
