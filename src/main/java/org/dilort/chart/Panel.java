package org.dilort.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves over one pair of axes.
 *
 * @param xLabel what the horizontal axis is; the title says what the vertical one is
 */
public record Panel(String title, String xLabel, Range x, Range y, List<Curve> curves) {
    /** More cannot be told apart. */
    public static final int MOST_CURVES = Style.CURVES;

    private static final int CUT_DIGITS = 5;

    public Panel {
        curves = List.copyOf(curves);
        if (curves.size() > MOST_CURVES) {
            throw new IllegalArgumentException(curves.size() + " curves, expected at most " + MOST_CURVES);
        }
    }

    /** For each curve that leaves the vertical range, how far it goes. */
    List<String> cuts() {
        List<String> cuts = new ArrayList<>();
        for (Curve curve : curves) {
            double[] values = curve.y();
            int furthest = -1;
            for (int i = 0; i < values.length; i++) {
                boolean beyond = Double.isFinite(values[i]) && !y.contains(values[i]);
                if (beyond && (furthest < 0 || Math.abs(values[i]) > Math.abs(values[furthest]))) {
                    furthest = i;
                }
            }
            if (furthest >= 0) {
                cuts.add(curve.name() + " goes on to " + Ticks.text(values[furthest], CUT_DIGITS) + " at "
                        + Ticks.text(curve.x()[furthest]));
            }
        }
        return cuts;
    }
}
