package org.dilort.chart;

/** The area around a curve as the commands of an SVG path: one closed piece for each run of finite points. */
final class Band {
    private final Range range;
    private final Polyline.Scale x;
    private final Polyline.Scale y;
    private final double[] at;
    private final double[] low;
    private final double[] high;

    Band(Curve curve, Range range, Polyline.Scale x, Polyline.Scale y) {
        this.range = range;
        this.x = x;
        this.y = y;
        this.at = curve.x();
        this.low = curve.low();
        this.high = curve.high();
    }

    /** Cut at the edges of the range. */
    String commands() {
        StringBuilder commands = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= at.length; i++) {
            if (i == at.length || !Double.isFinite(low[i]) || !Double.isFinite(high[i])) {
                piece(commands, start, i);
                start = i + 1;
            }
        }
        return commands.toString();
    }

    private void piece(StringBuilder commands, int from, int to) {
        if (to - from < 2) {
            return;
        }
        for (int i = from; i < to; i++) {
            append(commands, i == from ? 'M' : 'L', at[i], high[i]);
        }
        for (int i = to - 1; i >= from; i--) {
            append(commands, 'L', at[i], low[i]);
        }
        commands.append('Z');
    }

    private void append(StringBuilder commands, char command, double atX, double atY) {
        double within = Math.max(range.low(), Math.min(range.high(), atY));
        commands.append(command).append(Svg.number(x.pixel(atX))).append(' ').append(Svg.number(y.pixel(within)));
    }
}
