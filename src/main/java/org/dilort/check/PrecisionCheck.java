package org.dilort.check;

/** Holds the losses and gradients that training computes in float against those of double. */
final class PrecisionCheck {
    private static final String CHECK = "float32";
    /** Numbers this small, times the tolerance, differ by 1e-6 and 1e-7: nothing that training feels. */
    private final WorstPlace loss = new WorstPlace(0.1);

    private final WorstPlace slope = new WorstPlace(1e-3);

    private PrecisionCheck() {}

    static Finding run(HeadProbe head, FineProbe exact) {
        if (!exact.inDouble()) {
            return Finding.warning(CHECK, "an operator has no float64 kernel, so nothing can tell what float32 loses");
        }
        PrecisionCheck check = new PrecisionCheck();
        for (HeadBatch batch : HeadBatches.random()) {
            HeadFeeds feeds = HeadFeeds.of(batch);
            check.compare(feeds, head.run(feeds.values()), exact.run(feeds));
        }
        return check.finding();
    }

    private void compare(HeadFeeds feeds, HeadProbe.Result actual, HeadProbe.Result expected) {
        double[] slopes = actual.slopes(feeds);
        double[] exactSlopes = expected.slopes(feeds);
        for (int pair = 0; pair < feeds.pairs(); pair++) {
            String place = Places.of(feeds, pair);
            loss.note(actual.losses()[pair], expected.losses()[pair], place);
            slope.note(slopes[2 * pair], exactSlopes[2 * pair], place + ", chosen");
            slope.note(slopes[2 * pair + 1], exactSlopes[2 * pair + 1], place + ", rejected");
        }
    }

    /** The number that differs most from what it should be, where float could hold it. */
    private static final class WorstPlace {
        private final double floor;
        private double error;
        private String text = "";

        WorstPlace(double floor) {
            this.floor = floor;
        }

        void note(double actual, double expected, String place) {
            if (!(Math.abs(expected) < Float.MAX_VALUE)) {
                return;
            }
            double off = Math.abs(actual - expected) / (Math.abs(expected) + floor);
            if (!(off <= error)) {
                error = Double.isNaN(off) ? Double.POSITIVE_INFINITY : off;
                text = "is " + (float) actual + ", in float64 " + (float) expected + " (" + place + ")";
            }
        }
    }

    private Finding finding() {
        if (loss.error > WorstErrors.LOSS_TOLERANCE) {
            return Finding.warning(CHECK, "a loss " + loss.text);
        }
        if (slope.error > WorstErrors.GRADIENT_TOLERANCE) {
            return Finding.warning(CHECK, "a gradient " + slope.text);
        }
        return Finding.ok(
                CHECK,
                "losses within " + OwnHeadsCheck.number(loss.error) + " of float64, gradients within "
                        + OwnHeadsCheck.number(slope.error));
    }
}
