package org.dilort.check;

/** Puts every chosen response in the place of the rejected one, to see whether a head knows which is which. */
final class SwapCheck {
    private static final String CHECK = "swap";
    private static final double MOVE = 0.5;

    private SwapCheck() {}

    static Finding run(FineProbe head) {
        HeadFeeds feeds = HeadFeeds.of(HeadBatches.random().get(2));
        HeadProbe.Result here = head.run(feeds);
        HeadProbe.Result there = head.run(feeds.swapped());
        if (head.same(here.losses(), there.losses())) {
            return Finding.warning(CHECK, "no loss changes, so the head does not know chosen from rejected");
        }
        if (!head.same(HeadFeeds.sidesSwapped(here.rewards()), there.rewards())) {
            return Finding.warning(CHECK, "the rewards do not swap with the responses");
        }
        return Finding.ok(CHECK, "the losses change, the rewards swap" + margin(head, feeds, here));
    }

    /** Moving both responses of every pair alike. */
    private static String margin(FineProbe head, HeadFeeds feeds, HeadProbe.Result here) {
        HeadFeeds moved = feeds.changed("policy_logps", value -> value + MOVE)
                .changed("detached_logps", value -> value + MOVE)
                .changed("token_logps", value -> value + MOVE);
        return head.same(here.losses(), head.run(moved).losses())
                ? "; only the difference of the two counts"
                : "; each response counts by itself";
    }
}
