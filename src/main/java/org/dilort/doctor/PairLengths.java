package org.dilort.doctor;

import java.util.List;
import org.dilort.data.TokenizedPair;

/**
 * How long a data set's responses are, in tokens.
 *
 * @param chosen mean length
 * @param rejected mean length
 */
record PairLengths(double chosen, double rejected) {

    static PairLengths of(List<TokenizedPair> pairs) {
        return new PairLengths(
                pairs.stream().mapToInt(pair -> pair.chosen().length).average().orElse(0),
                pairs.stream()
                        .mapToInt(pair -> pair.rejected().length)
                        .average()
                        .orElse(0));
    }
}
