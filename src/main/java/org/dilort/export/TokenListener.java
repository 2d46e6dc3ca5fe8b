package org.dilort.export;

/** Hears of every token as soon as it is chosen; ids that end a sequence are not told. */
@FunctionalInterface
public interface TokenListener {

    TokenListener NONE = (prompt, token) -> {};

    /** @param prompt number of the prompt in the batch */
    void onToken(int prompt, int token);
}
