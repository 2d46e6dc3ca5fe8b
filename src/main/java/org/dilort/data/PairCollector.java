package org.dilort.data;

import java.util.ArrayList;
import java.util.List;

/** Pairs of one data set, numbered through, and what became of its examples; for one thread. */
final class PairCollector {
    private final List<TokenizedPair> pairs = new ArrayList<>();
    private final DataTally tally = new DataTally();
    private final PromptIndex prompts = new PromptIndex();
    private final Findings.Collector findings;
    private long next;

    /** @param keptFindings findings of each kind that are kept with their places */
    PairCollector(int keptFindings) {
        this.findings = new Findings.Collector(keptFindings);
    }

    /** The numbers of the next {@code count} pairs; returns the first. */
    long reserve(int count) {
        long first = next;
        next += count;
        return first;
    }

    /** The number of the pair that is reserved next. */
    long next() {
        return next;
    }

    /** Takes what became of an example that is there {@code copies} times. */
    void add(TokenizedExample example, int copies) {
        findings.example();
        example.findings().forEach(findings::add);
        for (int copy = 0; copy < copies; copy++) {
            tally.add(example.tally());
            for (TokenizedPair pair : example.pairs()) {
                pairs.add(copy == 0 ? pair : pair.withIndex(pair.index() + copy));
            }
        }
    }

    /** Takes a row that has no example in it. */
    void add(Finding finding) {
        findings.example();
        findings.add(finding);
    }

    PromptIndex prompts() {
        return prompts;
    }

    /** Notes which of these held-out prompts are trained on. */
    void compareWith(PromptIndex train) {
        train.leaks(prompts).forEach(findings::add);
    }

    PairDataset dataset(List<FileReport> files) {
        return new PairDataset(pairs, files, tally.report(), findings.findings());
    }
}
