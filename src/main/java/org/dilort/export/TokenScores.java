package org.dilort.export;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

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

    /** @param count of the most probable tokens */
    static TokenScores of(FloatBuffer logits, int token, int count) {
        double total = DecoderScorer.logSumExp(logits);
        Comparator<Integer> byLogit = Comparator.comparingDouble(logits::get);
        PriorityQueue<Integer> best =
                new PriorityQueue<>(count + 1, byLogit.thenComparing(Comparator.<Integer>reverseOrder()));
        for (int id = 0; count > 0 && id < logits.limit(); id++) {
            best.add(id);
            if (best.size() > count) {
                best.remove();
            }
        }
        List<Scored> top = new ArrayList<>();
        while (!best.isEmpty()) {
            int id = best.remove();
            top.add(0, new Scored(id, logits.get(id) - total));
        }
        return new TokenScores(new Scored(token, logits.get(token) - total), top);
    }
}
