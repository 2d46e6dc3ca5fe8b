package org.dilort.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.chart.Curve;
import org.dilort.chart.Panel;

/** Groups of runs with their metrics. */
record Comparison(List<Group> groups) {
    Comparison {
        groups = List.copyOf(groups);
    }

    /** The runs of a {@link RunGroup}, read. */
    record Group(String name, List<RunRecord> runs) {
        Group {
            runs = List.copyOf(runs);
        }

        /**
         * The mean of a metric over the runs at every step that all of them have, and one standard deviation (that of a
         * sample) to both sides.
         */
        Curve curve(String metric) {
            SortedMap<Double, double[]> byStep = new TreeMap<>();
            int[] had = new int[1];
            for (RunRecord run : runs) {
                Series series = run.series(metric);
                double[] steps = series.steps();
                double[] values = series.values();
                for (int i = 0; i < steps.length; i++) {
                    byStep.computeIfAbsent(steps[i], step -> nothing())[had[0]] = values[i];
                }
                had[0]++;
            }
            byStep.values().removeIf(values -> !Arrays.stream(values).allMatch(Double::isFinite));
            return curve(byStep);
        }

        private double[] nothing() {
            double[] values = new double[runs.size()];
            Arrays.fill(values, Double.NaN);
            return values;
        }

        private Curve curve(SortedMap<Double, double[]> byStep) {
            int points = byStep.size();
            double[] x = new double[points];
            double[] mean = new double[points];
            double[] low = new double[points];
            double[] high = new double[points];
            int at = 0;
            for (var entry : byStep.entrySet()) {
                Spread spread = Spread.of(entry.getValue());
                x[at] = entry.getKey();
                mean[at] = spread.mean();
                low[at] = spread.mean() - spread.deviation();
                high[at] = spread.mean() + spread.deviation();
                at++;
            }
            return new Curve(name, x, mean, low, high);
        }

        /** Of what the held-out pairs came to at the end, over the runs that have it. */
        Spread after(String metric) {
            double[] values = runs.stream()
                    .map(run -> run.summary().after().get(metric))
                    .filter(value -> value != null)
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            return Spread.of(values);
        }
    }

    static Comparison read(List<RunGroup> groups) {
        List<Group> read = new ArrayList<>();
        for (RunGroup group : groups) {
            read.add(new Group(
                    group.name(), group.folders().stream().map(RunRecord::read).toList()));
        }
        return new Comparison(read);
    }

    /** One curve for each group that has the metric. */
    List<Curve> curves(String metric) {
        return groups.stream()
                .map(group -> group.curve(metric))
                .filter(curve -> curve.x().length > 0)
                .toList();
    }

    /** As many as can be told apart in one panel. */
    List<Curve> firstCurves(String metric) {
        List<Curve> all = curves(metric);
        return all.subList(0, Math.min(Panel.MOST_CURVES, all.size()));
    }

    long steps() {
        return groups.stream()
                .flatMap(group -> group.runs().stream())
                .mapToLong(RunRecord::steps)
                .max()
                .orElse(0);
    }
}
