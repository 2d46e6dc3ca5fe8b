package org.dilort.doctor;

import java.util.List;
import java.util.Optional;
import org.dilort.data.TokenizedPair;

/** Pairs whose responses are the same tokens, be it only once they are cut: such a pair has no preference in it. */
public final class IdenticalPairs {
    private IdenticalPairs() {}

    /** For the record alone: whoever reads data names them with their places, and refuses too many. */
    public static Optional<Remark> in(List<TokenizedPair> pairs) {
        long identical = pairs.stream()
                .filter(pair -> pair.hasRejected() && pair.identicalResponses())
                .count();
        if (identical == 0) {
            return Optional.empty();
        }
        return Optional.of(
                Topic.IDENTICAL_PAIRS.note(
                        0,
                        identical + " of " + pairs.size()
                                + " training pairs have the same tokens on both sides, expected none: there is no preference in them;"
                                + " data validate shows where they are, a greater data.max_length keeps apart what is cut alike"));
    }
}
