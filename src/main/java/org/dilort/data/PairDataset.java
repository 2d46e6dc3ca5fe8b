package org.dilort.data;

import java.util.List;

/** The pairs of a data set in the order of the input, without those that were dropped, and what became of the rest. */
public record PairDataset(List<TokenizedPair> pairs, List<FileReport> files, DataReport report, Findings findings) {

    public PairDataset {
        pairs = List.copyOf(pairs);
        files = List.copyOf(files);
    }
}
