package org.dilort.data;

import org.dilort.config.DataSource;

/** Divides the examples of one source among the training set and the held-out set. */
final class SourceDivision {
    private final DataSource source;
    private final double heldOutShare;
    private final Sets sets;
    private long taken;

    /** Where examples go. */
    interface Sets {
        /** @param copies how often the training set has the example, at least once */
        void train(PreferenceExample example, int copies);

        void holdOut(PreferenceExample example);
    }

    SourceDivision(DataSource source, double heldOutShare, Sets sets) {
        this.source = source;
        this.heldOutShare = heldOutShare;
        this.sets = sets;
    }

    void take(PreferenceExample example) {
        if (taken == source.limit().orElse(Integer.MAX_VALUE)) {
            return;
        }
        taken++;
        if (heldOutShare > 0 && PromptShare.HELD_OUT.place(example) < heldOutShare) {
            sets.holdOut(example);
            return;
        }
        int copies = copies(example);
        if (copies > 0) {
            sets.train(example, copies);
        }
    }

    private int copies(PreferenceExample example) {
        int whole = (int) source.weight();
        double rest = source.weight() - whole;
        return rest > 0 && PromptShare.WEIGHT.place(example) < rest ? whole + 1 : whole;
    }
}
