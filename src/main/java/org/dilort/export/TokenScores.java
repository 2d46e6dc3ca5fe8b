package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable a token was under the model itself: softmax of its logits, before temperature, penalties and cuts.
 *
 * @param top the most probable tokens, the most probable first
 */
public record TokenScores(Scored chosen, List<Scored> top) {

    /** @param logprob nats */
    public record Scored(int token, double logprob) {}

    public TokenScores {
        top = List.copyOf(top);
    }

    /** @param count of the most probable tokens, of equal ones the first */
    static TokenScores of(FloatBuffer logits, int token, int count) {
        double total = DecoderScorer.logSumExp(logits);
        List<Scored> top = new ArrayList<>();
        for (int id : best(logits, Math.min(count, logits.limit()))) {
            top.add(new Scored(id, logits.get(id) - total));
        }
        return new TokenScores(new Scored(token, logits.get(token) - total), top);
    }

    /** A vocabulary is long and the count small: few tokens ever come before the last of the best so far. */
    private static int[] best(FloatBuffer logits, int count) {
        int[] best = new int[count];
        int found = 0;
        for (int id = 0; id < logits.limit(); id++) {
            int place = found;
            while (place > 0 && logits.get(id) > logits.get(best[place - 1])) {
                place--;
            }
            if (place < count) {
                found = Math.min(count, found + 1);
                System.arraycopy(best, place, best, place + 1, found - 1 - place);
                best[place] = id;
            }
        }
        return best;
    }
}
