package org.dilort.chart;

/** Draws a panel into a box: title, legend, plot with grid and ticks, name of the horizontal axis. */
final class PanelDrawing {
    private static final double LEGEND = 38;
    private static final double PLOT_TOP = 50;
    private static final double PLOT_LEFT = 46;
    private static final double X_LABELS = 40;
    private static final double SAMPLE = 28;
    private static final double LETTER = 7;
    private static final int X_TICKS = 10;
    private static final int Y_TICKS = 6;

    private final Svg svg;
    private final Panel panel;
    private final double left;
    private final double right;
    private final double top;
    private final double bottom;

    PanelDrawing(Svg svg, Panel panel, double left, double top, double width, double height) {
        this.svg = svg;
        this.panel = panel;
        this.left = left + PLOT_LEFT;
        this.right = left + width;
        this.top = top + PLOT_TOP;
        this.bottom = top + height - X_LABELS;
        svg.text("panel", this.left, top + 14, panel.title());
        legend(top + LEGEND);
        axes();
        curves();
    }

    private double x(double value) {
        return left + (value - panel.x().low()) / panel.x().size() * (right - left);
    }

    private double y(double value) {
        return bottom - (value - panel.y().low()) / panel.y().size() * (bottom - top);
    }

    private void legend(double baseline) {
        double at = left;
        for (int i = 0; i < panel.curves().size(); i++) {
            String name = panel.curves().get(i).name();
            svg.line(Style.curve(i), at, baseline - 4, at + SAMPLE, baseline - 4);
            svg.text("entry", at + SAMPLE + 6, baseline, name);
            at += SAMPLE + 6 + name.length() * LETTER + 14;
        }
    }

    private void axes() {
        for (double tick : Ticks.of(panel.x(), X_TICKS)) {
            svg.line(tick == 0 ? "zero" : "grid", x(tick), top, x(tick), bottom);
            svg.text("x", x(tick), bottom + 16, Ticks.text(tick));
        }
        for (double tick : Ticks.of(panel.y(), Y_TICKS)) {
            svg.line(tick == 0 ? "zero" : "grid", left, y(tick), right, y(tick));
            svg.text("y", left - 6, y(tick) + 4, Ticks.text(tick));
        }
        svg.rectangle("frame", left, top, right - left, bottom - top);
        svg.text("label", (left + right) / 2, bottom + 34, panel.xLabel());
    }

    private void curves() {
        for (int i = 0; i < panel.curves().size(); i++) {
            svg.path(Style.curve(i), new Polyline(panel.curves().get(i), panel.y(), this::x, this::y).commands());
        }
    }
}
