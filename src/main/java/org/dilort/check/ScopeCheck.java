package org.dilort.check;

import org.dilort.heads.Scope;

/** Finds out whether a pair's loss depends on the other pairs of its step, by running each pair alone. */
final class ScopeCheck {
    private static final String CHECK = "scope";

    private ScopeCheck() {}

    static Finding run(FineProbe head, Scope declared) {
        String coupling = "";
        for (HeadBatch batch : HeadBatches.random().subList(1, 4)) {
            coupling = coupling.isEmpty() ? coupling(head, HeadFeeds.of(batch)) : coupling;
        }
        if (coupling.isEmpty()) {
            return declared == Scope.PAIR
                    ? Finding.ok(CHECK, "pair: a pair has the same loss alone as among others")
                    : Finding.warning(
                            CHECK,
                            "step, as its metadata say, but a pair has the same loss alone: scope pair is faster");
        }
        return declared == Scope.STEP
                ? Finding.ok(CHECK, "step: the loss of a pair depends on the others")
                : Finding.failed(
                        CHECK,
                        coupling + ": the loss of a pair depends on the others, so metadata must say scope = step");
    }

    /** The first pair that differs, or nothing. */
    private static String coupling(FineProbe head, HeadFeeds all) {
        HeadProbe.Result together = head.run(all);
        double[] slopes = together.slopes(all);
        for (int pair = 0; pair < all.pairs(); pair++) {
            HeadFeeds feeds = all.only(pair);
            HeadProbe.Result alone = head.run(feeds);
            double[] ownSlopes = {slopes[2 * pair], slopes[2 * pair + 1]};
            if (!head.same(alone.losses()[0], together.losses()[pair]) || !head.same(alone.slopes(feeds), ownSlopes)) {
                return "pair " + pair + " has loss " + (float) together.losses()[pair] + " among " + all.pairs()
                        + " and " + (float) alone.losses()[0] + " alone";
            }
        }
        return "";
    }
}
