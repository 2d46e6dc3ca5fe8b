package org.dilort.data;

import org.dilort.config.DataSource;

/** Divides the examples of one source among the training set and the held-out set. */
final class SourceDivision {
    private final DataSource source;
    private final double heldOutShare;
    private final TokenizerThreads tokenizers;
    private final PairCollector train;
    private final PairCollector heldOut;
    private long taken;

    SourceDivision(
            DataSource source,
            double heldOutShare,
            TokenizerThreads tokenizers,
            PairCollector train,
            PairCollector heldOut) {
        this.source = source;
        this.heldOutShare = heldOutShare;
        this.tokenizers = tokenizers;
        this.train = train;
        this.heldOut = heldOut;
    }

    void take(PreferenceExample example) {
        if (taken == source.limit().orElse(Integer.MAX_VALUE)) {
            return;
        }
        taken++;
        if (heldOutShare > 0 && PromptShare.HELD_OUT.place(example) < heldOutShare) {
            tokenizers.add(example, heldOut, 1);
            return;
        }
        int copies = copies(example);
        if (copies > 0) {
            tokenizers.add(example, train, copies);
        }
    }

    private int copies(PreferenceExample example) {
        int whole = (int) source.weight();
        double rest = source.weight() - whole;
        return rest > 0 && PromptShare.WEIGHT.place(example) < rest ? whole + 1 : whole;
    }
}
