package org.dilort.doctor;

import org.dilort.train.PairMeans;

/**
 * Whether the margin of the rewards has left 0, where it begins there: at the first step it is rounding alone, which
 * tells how large that is, and below {@value #TIMES} times it a margin is none. Rounding counts as at least that of the
 * log-probabilities in float.
 */
final class Movement {
    private static final double TIMES = 5;
    private static final double FLOAT_ROUNDING = 0x1p-23;

    private final MarginAtStart atStart;
    private double rounding;
    private double largest;

    /** What the margin is before the first update. */
    enum MarginAtStart {
        ZERO,
        ANYTHING
    }

    Movement(MarginAtStart atStart) {
        this.atStart = atStart;
    }

    void add(long step, PairMeans.ChosenAndRejected means) {
        double margin = Math.abs(means.margin());
        if (step == 1) {
            double logp = Math.max(Math.abs(means.logpChosen()), Math.abs(means.logpRejected()));
            rounding = Math.max(margin, FLOAT_ROUNDING * logp);
        } else {
            largest = Math.max(largest, margin);
        }
    }

    /** False also where the margin began elsewhere, and in a run whose first step was not seen. */
    boolean none() {
        return known() && largest <= TIMES * rounding;
    }

    /** Whether the margin never was this large. */
    boolean below(double margin) {
        return known() && largest < margin;
    }

    private boolean known() {
        return atStart == MarginAtStart.ZERO && rounding > 0;
    }

    /** The largest margin after the first step, without its sign. */
    double largest() {
        return largest;
    }

    double rounding() {
        return rounding;
    }
}
