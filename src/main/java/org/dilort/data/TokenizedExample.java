package org.dilort.data;

import java.util.List;

/**
 * What became of one example.
 *
 * @param pairs one, or none if it was dropped
 */
record TokenizedExample(List<TokenizedPair> pairs, DataTally tally) {

    static TokenizedExample of(PreferenceExample example, long index, PairTokenizer tokenizer) {
        DataTally tally = new DataTally();
        return new TokenizedExample(
                tokenizer.tokenize(example, index, tally).stream().toList(), tally);
    }
}
