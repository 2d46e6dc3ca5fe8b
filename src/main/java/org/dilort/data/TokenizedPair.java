package org.dilort.data;

import java.util.Arrays;

/**
 * A pair as token ids. The trunk (the prompt) and the chosen response are never empty; an empty rejected response means
 * that there is none. The arrays are shared, not copied.
 *
 * @param index number of the pair in the input, from 0
 */
public record TokenizedPair(long index, int[] trunk, int[] chosen, int[] rejected) {

    public TokenizedPair {
        if (trunk.length == 0 || chosen.length == 0) {
            throw new IllegalArgumentException("pair " + index + ": trunk has " + trunk.length + " tokens, chosen "
                    + chosen.length + "; expected at least 1 of each");
        }
    }

    public boolean hasRejected() {
        return rejected.length > 0;
    }

    public TokenizedPair withoutRejected() {
        return new TokenizedPair(index, trunk, chosen, new int[0]);
    }

    /** Tokens of both sequences, the trunk counted in each: what a layout of two rows computes. */
    public int sequenceTokens() {
        return trunk.length + chosen.length + (hasRejected() ? trunk.length + rejected.length : 0);
    }

    /** Tokens of the document, the trunk counted once. */
    public int documentTokens() {
        return trunk.length + chosen.length + rejected.length;
    }

    /** Tokens of the longer sequence. */
    public int longestSequence() {
        return trunk.length + Math.max(chosen.length, rejected.length);
    }

    boolean identicalResponses() {
        return Arrays.equals(chosen, rejected);
    }
}
