package org.dilort.data;

import java.util.List;

/**
 * What became of one example.
 *
 * @param pairs one, or none if it was dropped
 */
record TokenizedExample(List<TokenizedPair> pairs, DataTally tally, List<Finding> findings) {

    TokenizedExample {
        pairs = List.copyOf(pairs);
        findings = List.copyOf(findings);
    }
}
