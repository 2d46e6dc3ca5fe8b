package org.dilort.check;

import org.dilort.heads.FileHead;

/** Finds out whether a head needs the reference that it asks for. */
final class ReferenceCheck {
    private static final String CHECK = "reference";
    private static final double MOVE = 0.5;

    private ReferenceCheck() {}

    static Finding run(FineProbe head, FileHead file) {
        if (!file.needsReference()) {
            return Finding.ok(CHECK, "not asked for");
        }
        HeadFeeds feeds = HeadFeeds.of(HeadBatches.random().get(1));
        HeadFeeds moved = feeds.changed("reference_logps", value -> value - MOVE)
                .changed("reference_token_logps", value -> value - MOVE);
        HeadProbe.Result here = head.run(feeds);
        HeadProbe.Result there = head.run(moved);
        boolean used = !head.same(here.losses(), there.losses())
                || !head.same(here.gradients(), there.gradients())
                || !head.same(here.rewards(), there.rewards());
        return used
                ? Finding.ok(CHECK, "needed")
                : Finding.warning(CHECK, "asked for, and nothing depends on it: training would compute it in vain");
    }
}
