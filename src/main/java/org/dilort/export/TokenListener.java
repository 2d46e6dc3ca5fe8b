package org.dilort.export;

/** Hears of every token as soon as it is chosen; ids that end a sequence are not told. */
@FunctionalInterface
public interface TokenListener {

    TokenListener NONE = (prompt, token) -> Next.GO_ON;

    /** Of the token that {@link #onToken} tells next, where the settings ask for scores. */
    default void onScores(int prompt, TokenScores scores) {}

    /** @param prompt number of the prompt in the batch */
    Next onToken(int prompt, int token);
}
