package org.dilort.chart;

/** Draws a panel into a box: title, legend, plot. */
final class PanelDrawing {
    private static final double FIRST_ROW = 38;
    private static final double BELOW_LEGEND = 12;
    private static final double PLOT_LEFT = 46;
    private static final double X_LABELS = 40;
    private static final int X_TICKS = 10;

    private PanelDrawing() {}

    static void draw(Svg svg, Panel panel, double left, double top, double width, double height) {
        double plotLeft = left + PLOT_LEFT;
        double right = left + width;
        Legend legend = new Legend(panel.curves(), right - plotLeft);
        double plotTop = top + FIRST_ROW + (legend.rows() - 1) * Legend.ROW + BELOW_LEGEND;
        svg.text("panel", plotLeft, top + 14, panel.title());
        legend.draw(svg, plotLeft, top + FIRST_ROW);
        new Plot(panel, plotLeft, plotTop, right, top + height - X_LABELS, X_TICKS).draw(svg);
    }
}
