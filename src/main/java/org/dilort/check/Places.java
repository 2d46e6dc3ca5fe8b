package org.dilort.check;

import java.util.Locale;

/** A pair as a reader can find it: by its log-ratios. */
final class Places {
    private Places() {}

    static String of(HeadFeeds feeds, int pair) {
        double[] ratios = feeds.ratios();
        return String.format(Locale.ROOT, "q_w = %.4g, q_l = %.4g", ratios[2 * pair], ratios[2 * pair + 1]);
    }
}
