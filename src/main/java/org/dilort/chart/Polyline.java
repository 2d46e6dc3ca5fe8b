package org.dilort.chart;

/** A curve within a vertical range as the commands of an SVG path: cut where it leaves, resumed where it returns. */
final class Polyline {
    private final Curve curve;
    private final Range range;
    private final Scale x;
    private final Scale y;
    private final StringBuilder commands = new StringBuilder();
    private boolean drawing;

    /** Maps numbers of one axis to pixels. */
    interface Scale {
        double pixel(double value);
    }

    Polyline(Curve curve, Range range, Scale x, Scale y) {
        this.curve = curve;
        this.range = range;
        this.x = x;
        this.y = y;
    }

    /** Empty for a curve of which nothing is in range. */
    String commands() {
        double[] xs = curve.x();
        double[] ys = curve.y();
        for (int i = 1; i < xs.length; i++) {
            if (!Double.isFinite(ys[i - 1]) || !Double.isFinite(ys[i])) {
                drawing = false;
                continue;
            }
            segment(xs[i - 1], ys[i - 1], xs[i], ys[i]);
        }
        return commands.toString();
    }

    private void segment(double x1, double y1, double x2, double y2) {
        double from = entry(y1, y2);
        double to = 1 - entry(y2, y1);
        if (from > to) {
            drawing = false;
            return;
        }
        if (!drawing || from > 0) {
            append('M', x1 + from * (x2 - x1), y1 + from * (y2 - y1));
        }
        append('L', x1 + to * (x2 - x1), y1 + to * (y2 - y1));
        drawing = to == 1;
    }

    /** Share of the way from {@code start} to {@code end} at which the range begins; 2 where it never does. */
    private double entry(double start, double end) {
        if (range.contains(start)) {
            return 0;
        }
        double bound = start < range.low() ? range.low() : range.high();
        boolean reaches = start < range.low() ? end >= bound : end <= bound;
        return reaches ? (bound - start) / (end - start) : 2;
    }

    private void append(char command, double atX, double atY) {
        commands.append(command).append(Svg.number(x.pixel(atX))).append(' ').append(Svg.number(y.pixel(atY)));
    }
}
