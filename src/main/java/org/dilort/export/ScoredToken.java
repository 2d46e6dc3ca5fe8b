package org.dilort.export;

import java.util.List;

/**
 * A token of an answer with its log-probability under the model, see {@link TokenScores}.
 *
 * @param text by which the answer grows; empty where it is only a part of a character, whose last part has all of it
 * @param logprob nats
 * @param top the most probable tokens in its place, without any of their own
 */
public record ScoredToken(String text, double logprob, List<ScoredToken> top) {

    public ScoredToken {
        top = List.copyOf(top);
    }
}
