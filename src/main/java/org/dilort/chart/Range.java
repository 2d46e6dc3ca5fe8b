package org.dilort.chart;

import java.util.List;

/** What an axis shows, both ends included. */
public record Range(double low, double high) {
    /** A curve that stays within this many times what it reaches over the focus is shown whole. */
    private static final double SPARED = 10;

    private static final double MARGIN = 0.05;

    public Range {
        if (!(low < high) || !Double.isFinite(high - low)) {
            throw new IllegalArgumentException("range " + low + " to " + high);
        }
    }

    double size() {
        return high - low;
    }

    boolean contains(double value) {
        return value >= low && value <= high;
    }

    /**
     * The vertical range that shows curves whole, except where they grow far beyond what they reach over {@code focus},
     * as exponentials do, and would press the rest flat: there it ends at the round number next to that.
     */
    public static Range fitting(List<Curve> curves, Range focus) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double inFocus = 0;
        for (Curve curve : curves) {
            double[] x = curve.x();
            double[] y = curve.y();
            double[] bandLow = curve.low();
            double[] bandHigh = curve.high();
            for (int i = 0; i < y.length; i++) {
                if (Double.isFinite(y[i])) {
                    low = Math.min(low, bandLow[i]);
                    high = Math.max(high, bandHigh[i]);
                    inFocus = focus.contains(x[i]) ? Math.max(inFocus, Math.abs(y[i])) : inFocus;
                }
            }
        }
        if (low > high) {
            return new Range(-1, 1);
        }
        boolean whole = inFocus == 0 || Math.max(-low, high) <= SPARED * inFocus;
        return within(low, high, whole ? Double.POSITIVE_INFINITY : Ticks.round(inFocus));
    }

    /** With some air, except at a cut. */
    private static Range within(double low, double high, double cut) {
        double bottom = Math.max(low, -cut);
        double top = Math.min(high, cut);
        double air = bottom == top ? Math.max(1, Math.abs(top)) : MARGIN * (top - bottom);
        return new Range(bottom == -cut ? bottom : bottom - air, top == cut ? top : top + air);
    }
}
