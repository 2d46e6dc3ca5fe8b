package org.dilort.check;

import java.util.ArrayList;
import java.util.List;

/** Looks for losses, rewards and gradients that are no numbers: near the start of training, and at its extremes. */
final class FinitenessCheck {
    /** Batches of log-ratios that training meets every day. */
    private static final int MODERATE = 5;

    private FinitenessCheck() {}

    static List<Finding> run(HeadProbe head) {
        List<HeadBatch> random = HeadBatches.random();
        List<HeadBatch> moderate = new ArrayList<>(random.subList(0, MODERATE));
        moderate.add(HeadBatches.start());
        List<HeadBatch> extreme = new ArrayList<>(random.subList(MODERATE, random.size()));
        extreme.add(HeadBatches.extremes());
        List<String> broken = holes(head, moderate);
        List<String> runaway = holes(head, extreme);
        return List.of(
                broken.isEmpty()
                        ? Finding.ok("finite", "losses, rewards and gradients are numbers up to |q| = 15")
                        : Finding.failed("finite", broken.get(0)),
                runaway.isEmpty()
                        ? Finding.ok("extremes", "and up to |q| = 700")
                        : Finding.warning("extremes", runaway.get(0) + ": such a pair is left out of its step"));
    }

    private static List<String> holes(HeadProbe head, List<HeadBatch> batches) {
        List<String> holes = new ArrayList<>();
        for (HeadBatch batch : batches) {
            HeadFeeds all = HeadFeeds.of(batch);
            for (int pair = 0; pair < batch.pairs(); pair++) {
                HeadFeeds feeds = all.only(pair);
                HeadProbe.Result result = head.run(feeds.values());
                String place = " at " + Places.of(all, pair);
                add(holes, "the loss is ", result.losses(), place);
                add(holes, "a reward is ", result.rewards(), place);
                add(holes, "a gradient is ", result.gradients(), place);
            }
        }
        return holes;
    }

    private static void add(List<String> holes, String what, double[] numbers, String place) {
        for (double number : numbers) {
            if (!Double.isFinite(number)) {
                holes.add(what + number + place);
            }
        }
    }
}
