package org.dilort.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.chart.Curve;

/** Several runs over each other: a table of what came of each, and a panel for each metric. */
final class ComparisonPage {
    /** More curves in one panel cannot be told apart. */
    private static final int MOST_CURVES = 8;

    private static final Map<String, String> PANELS = new LinkedHashMap<>();

    static {
        PANELS.put("eval_logps/chosen", "Log-probability chosen, held out");
        PANELS.put("eval_logps/rejected", "Log-probability rejected, held out");
        PANELS.put("eval_margin", "Margin of log-probabilities, held out");
        PANELS.put("eval_accuracy", "Preference accuracy, held out");
        PANELS.put("eval_answers/right", "Greedy answers right, held out");
        PANELS.put("logps/chosen", "Log-probability chosen, training");
        PANELS.put("logps/rejected", "Log-probability rejected, training");
        PANELS.put("rewards/margins", "Margin of rewards, training");
        PANELS.put("grad_norm", "Gradient norm");
    }

    private ComparisonPage() {}

    static String of(String title, Comparison comparison) {
        Html page = new Html();
        page.open("header", "").element("h1", "", title).close("header");
        table(page, comparison);
        page.open("div", "figures");
        PANELS.forEach((metric, name) -> {
            List<Curve> curves = comparison.curves(metric);
            if (!curves.isEmpty()) {
                String left = curves.size() > MOST_CURVES ? "The first " + MOST_CURVES + " of the table. " : "";
                List<Curve> shown = curves.subList(0, Math.min(MOST_CURVES, curves.size()));
                String band = shown.stream().anyMatch(ComparisonPage::banded)
                        ? "Mean of the runs, and a standard deviation to both sides."
                        : "";
                new Curves(name, left + band, shown).draw(page, comparison.steps());
            }
        });
        return page.close("div").toString();
    }

    private static boolean banded(Curve curve) {
        double[] low = curve.low();
        double[] high = curve.high();
        for (int i = 0; i < low.length; i++) {
            if (low[i] < high[i]) {
                return true;
            }
        }
        return false;
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
