package org.dilort.data;

import java.util.ArrayList;
import java.util.List;

/** Pairs of one data set, numbered through, and what became of its examples; for one thread. */
final class PairCollector {
    private final List<TokenizedPair> pairs = new ArrayList<>();
    private final DataTally tally = new DataTally();
    private long next;

    /** The numbers of the next {@code count} pairs; returns the first. */
    long reserve(int count) {
        long first = next;
        next += count;
        return first;
    }

    /** Takes what became of an example that is there {@code copies} times. */
    void add(TokenizedExample example, int copies) {
        for (int copy = 0; copy < copies; copy++) {
            tally.add(example.tally());
            for (TokenizedPair pair : example.pairs()) {
                pairs.add(copy == 0 ? pair : pair.withIndex(pair.index() + copy));
            }
        }
    }

    PairDataset dataset(List<FileReport> files) {
        return new PairDataset(pairs, files, tally.report());
    }
}
