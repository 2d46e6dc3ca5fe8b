package org.dilort.report;

import java.util.ArrayList;
import java.util.List;
import org.dilort.chart.Chart;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;
import org.dilort.chart.Range;

/** The held-out pairs of groups of runs over training, as one picture. */
final class ComparisonChart {
    private static final List<Headline> PANELS =
            List.of(Headline.CHOSEN, Headline.REJECTED, Headline.MARGIN, Headline.ANSWERS, Headline.ACCURACY);

    private ComparisonChart() {}

    /** Without held-out pairs, the loss of training. */
    static Chart of(String title, Comparison comparison) {
        List<Panel> panels = new ArrayList<>();
        PANELS.forEach(headline -> add(panels, comparison, headline.evaluated(), headline.labelWithUnit()));
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
        List<Curve> curves = comparison.firstCurves(metric);
        if (curves.isEmpty()) {
            return;
        }
        Range x = new Range(0, Math.max(1, comparison.steps()));
        panels.add(new Panel(name, "step", x, Range.fitting(curves, x), curves));
    }
}
