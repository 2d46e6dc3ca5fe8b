package org.dilort.eval;

import java.util.Arrays;
import org.dilort.data.TokenizedPair;
import org.dilort.data.Tokenizer;
import org.dilort.error.DataException;

/**
 * A text and what may follow it, as tokens in the way of lm-evaluation-harness: both are encoded together, and the
 * continuation is what comes after the tokens of the context alone; white space at the context's end goes to the
 * continuation. Nothing is put in front.
 */
record Continuation(int[] context, int[] tokens) {
    private static final int[] NONE = {};

    /** @throws DataException where the two texts give no token of their own each */
    static Continuation of(Tokenizer tokenizer, String context, String continuation) {
        String stripped = context.stripTrailing();
        int[] before = tokenizer.encode(stripped);
        int[] whole = tokenizer.encode(context + continuation);
        if (before.length == 0 || whole.length <= before.length) {
            throw new DataException("\"" + context + "\" with \"" + continuation + "\": " + before.length + " and "
                    + whole.length + " tokens, expected a context and more tokens after it");
        }
        return new Continuation(
                Arrays.copyOf(whole, before.length), Arrays.copyOfRange(whole, before.length, whole.length));
    }

    /** Without the first tokens of a context that is too long for the model. */
    Continuation within(int maxTokens) {
        int kept = Math.min(context.length, maxTokens - tokens.length);
        if (kept < 1) {
            throw new DataException("a continuation of " + tokens.length + " tokens, expected at most "
                    + (maxTokens - 1) + " (max_position_embeddings = " + maxTokens + ")");
        }
        return new Continuation(Arrays.copyOfRange(context, context.length - kept, context.length), tokens);
    }

    /** With tokens in front of all others. */
    Continuation after(int[] begin) {
        int[] all = Arrays.copyOf(begin, begin.length + context.length);
        System.arraycopy(context, 0, all, begin.length, context.length);
        return new Continuation(all, tokens);
    }

    TokenizedPair toPair(long index) {
        return new TokenizedPair(index, context, tokens, NONE);
    }
}
