package org.dilort.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Looks which way a head pulls pairs that are in order by nothing or in the wrong order: training should raise the
 * chosen response and lower the rejected one, however far gone a pair is.
 */
final class PullCheck {
    private static final String CHECK = "pull";

    private PullCheck() {}

    static Finding run(HeadProbe head) {
        HeadFeeds all = HeadFeeds.of(HeadBatches.disordered());
        Map<String, List<String>> faults = new LinkedHashMap<>();
        boolean lowersRejected = false;
        for (int pair = 0; pair < all.pairs(); pair++) {
            HeadFeeds feeds = all.only(pair);
            double[] slopes = head.run(feeds.values()).slopes(feeds);
            String place = "(" + Places.of(all, pair) + ")";
            faults(slopes[0], slopes[1])
                    .forEach(fault -> faults.computeIfAbsent(fault, none -> new ArrayList<>())
                            .add(place));
            lowersRejected |= slopes[1] > 0;
        }
        if (!faults.isEmpty()) {
            return Finding.warning(
                    CHECK,
                    faults.entrySet().stream()
                            .map(fault -> fault.getKey() + " at " + String.join(", ", fault.getValue()))
                            .collect(Collectors.joining("; ")));
        }
        return Finding.ok(
                CHECK,
                lowersRejected
                        ? "raises the chosen response, lowers the rejected one"
                        : "raises the chosen response, does nothing to the rejected one");
    }

    private static List<String> faults(double chosenSlope, double rejectedSlope) {
        List<String> faults = new ArrayList<>();
        if (chosenSlope > 0) {
            faults.add("lowers the chosen response");
        }
        if (rejectedSlope < 0) {
            faults.add("raises the rejected response");
        }
        if (chosenSlope == 0 && rejectedSlope == 0) {
            faults.add("no gradient");
        }
        return faults;
    }
}
