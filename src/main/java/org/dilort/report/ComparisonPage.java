package org.dilort.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.chart.Curve;

/** Several runs over each other: a table of what came of each, and a panel for each metric. */
final class ComparisonPage {
    private static final Map<String, String> OF_TRAINING = new LinkedHashMap<>();

    static {
        OF_TRAINING.put("logps/chosen", "Log-probability chosen, training");
        OF_TRAINING.put("logps/rejected", "Log-probability rejected, training");
        OF_TRAINING.put("rewards/margins", "Margin of rewards, training");
        OF_TRAINING.put("grad_norm", "Gradient norm");
    }

    private ComparisonPage() {}

    static String of(String title, Comparison comparison) {
        Html page = new Html();
        page.open("header", "").element("h1", "", title).close("header");
        table(page, comparison);
        page.open("div", "figures");
        for (Headline headline : Headline.values()) {
            figure(page, comparison, headline.evaluated(), headline.labelWithUnit() + ", held out");
        }
        OF_TRAINING.forEach((metric, name) -> figure(page, comparison, metric, name));
        return page.close("div").toString();
    }

    private static void figure(Html page, Comparison comparison, String metric, String name) {
        List<Curve> shown = comparison.firstCurves(metric);
        if (shown.isEmpty()) {
            return;
        }
        int left = comparison.curves(metric).size() - shown.size();
        String first = left > 0 ? "The first " + shown.size() + " of the table. " : "";
        String band = shown.stream().anyMatch(Curve::hasBand)
                ? "Mean of the runs, and a standard deviation to both sides."
                : "";
        new Curves(name, first + band, shown).draw(page, comparison.steps());
    }

    private static void table(Html page, Comparison comparison) {
        ComparisonTable table = ComparisonTable.of(comparison);
        page.raw("<div class=\"wide\"><table><tr>");
        table.header().forEach(name -> page.raw("<th scope=\"col\">").text(name).raw("</th>"));
        page.raw("</tr>\n");
        for (List<String> row : table.rows()) {
            page.raw("<tr><th scope=\"row\">").text(row.get(0)).raw("</th>");
            row.subList(1, row.size()).forEach(cell -> page.element("td", "", cell));
            page.raw("</tr>\n");
        }
        page.raw("</table></div>\n");
    }
}
