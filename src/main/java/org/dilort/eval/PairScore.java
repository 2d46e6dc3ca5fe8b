package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import org.dilort.data.TokenizedPair;

/**
 * What a model thinks of a pair.
 *
 * @param index number of the pair in the input, from 0
 * @param chosenLogp log-probability of the chosen response, summed over its tokens, nats
 * @param rejectedLogp the same of the rejected response, 0 if there is none
 * @param rejectedTokens 0 if there is no rejected response
 */
public record PairScore(long index, double chosenLogp, double rejectedLogp, int chosenTokens, int rejectedTokens) {

    /** @param logps {@code [pairs * 2]} */
    static List<PairScore> of(List<TokenizedPair> pairs, double[] logps) {
        List<PairScore> scores = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            TokenizedPair pair = pairs.get(i);
            scores.add(new PairScore(
                    pair.index(), logps[2 * i], logps[2 * i + 1], pair.chosen().length, pair.rejected().length));
        }
        return scores;
    }

    public boolean hasRejected() {
        return rejectedTokens > 0;
    }
}
