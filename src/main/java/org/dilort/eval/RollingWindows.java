package org.dilort.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dilort.data.TokenizedPair;

/**
 * Cuts a text into windows as lm-evaluation-harness does for {@code loglikelihood_rolling} with a context of one token: each
 * token is predicted once, and a window feeds as many tokens as the model has positions. The first window begins with a
 * prefix token; the others with the token before the first that they predict; the last one has more before it, so that it too
 * is full.
 *
 * @param prefix what the first token is predicted from
 * @param positions tokens that a window feeds
 */
record RollingWindows(int prefix, int positions) {
    private static final int[] NONE = {};

    RollingWindows {
        if (positions < 1) {
            throw new IllegalArgumentException("windows of " + positions + " positions");
        }
    }

    /** Each a context and what is predicted after it; none of an empty text. */
    List<TokenizedPair> of(int[] tokens) {
        List<TokenizedPair> windows = new ArrayList<>();
        int first = Math.min(positions, tokens.length);
        if (first > 0) {
            windows.add(new TokenizedPair(0, new int[] {prefix}, Arrays.copyOf(tokens, first), NONE));
        }
        int predicted = first;
        while (predicted < tokens.length) {
            int end = Math.min(tokens.length, predicted + positions);
            int[] context = Arrays.copyOfRange(tokens, end - positions - 1, predicted);
            windows.add(new TokenizedPair(windows.size(), context, Arrays.copyOfRange(tokens, predicted, end), NONE));
            predicted = end;
        }
        return windows;
    }
}
