package org.dilort.chart;

/**
 * Axes and curves in a box.
 *
 * @param xTicks about how many numbers the horizontal axis has
 */
record Plot(Panel panel, double left, double top, double right, double bottom, int xTicks) {
    private static final int Y_TICKS = 6;

    /** A curve of at most so many points has them marked, for a line through few says little of where they are. */
    private static final int MARKED_POINTS = 40;

    void draw(Svg svg) {
        axes(svg);
        for (int i = 0; i < panel.curves().size(); i++) {
            Curve curve = panel.curves().get(i);
            if (curve.hasBand()) {
                svg.path(Style.curve(i) + " band", new Band(curve, panel.y(), this::x, this::y).commands());
            }
            svg.path(Style.curve(i), new Polyline(curve, panel.y(), this::x, this::y).commands());
            if (curve.x().length <= MARKED_POINTS) {
                points(svg, Style.curve(i) + " point", curve);
            }
        }
    }

    private double x(double value) {
        return left + (value - panel.x().low()) / panel.x().size() * (right - left);
    }

    private double y(double value) {
        return bottom - (value - panel.y().low()) / panel.y().size() * (bottom - top);
    }

    private void axes(Svg svg) {
        for (double tick : Ticks.of(panel.x(), xTicks)) {
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

    private void points(Svg svg, String kind, Curve curve) {
        double[] xs = curve.x();
        double[] ys = curve.y();
        for (int i = 0; i < xs.length; i++) {
            if (Double.isFinite(ys[i]) && panel.y().contains(ys[i])) {
                svg.circle(kind, x(xs[i]), y(ys[i]), 2.5);
            }
        }
    }
}
