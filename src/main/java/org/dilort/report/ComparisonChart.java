package org.dilort.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.chart.Chart;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;
import org.dilort.chart.Range;

/** The held-out pairs of groups of runs over training, as one picture. */
final class ComparisonChart {
    private static final int MOST_CURVES = 8;
    private static final Map<String, String> PANELS = new LinkedHashMap<>();

    static {
        PANELS.put("eval_logps/chosen", "log-probability chosen, nats");
        PANELS.put("eval_logps/rejected", "log-probability rejected, nats");
        PANELS.put("eval_margin", "margin, nats");
        PANELS.put("eval_answers/right", "greedy answers right");
        PANELS.put("eval_accuracy", "preference accuracy");
    }

    private ComparisonChart() {}

    /** Without held-out pairs, the loss of training. */
    static Chart of(String title, Comparison comparison) {
        List<Panel> panels = new ArrayList<>();
        PANELS.forEach((metric, name) -> add(panels, comparison, metric, name));
        if (panels.isEmpty()) {
            add(panels, comparison, "loss", "loss of training");
        }
        int runs = comparison.groups().stream()
                .mapToInt(group -> group.runs().size())
                .max()
                .orElse(1);
        List<String> notes = runs > 1
                ? List.of("Lines: mean of up to " + runs
                        + " runs with other seeds. Bands: a standard deviation to both sides.")
                : List.of();
        return new Chart(title, List.of(), panels, notes);
    }

    private static void add(List<Panel> panels, Comparison comparison, String metric, String name) {
        List<Curve> all = comparison.curves(metric);
        if (all.isEmpty()) {
            return;
        }
        List<Curve> curves = all.subList(0, Math.min(MOST_CURVES, all.size()));
        Range x = new Range(0, Math.max(1, comparison.steps()));
        panels.add(new Panel(name, "step", x, Range.fitting(curves, x), curves));
    }
}
