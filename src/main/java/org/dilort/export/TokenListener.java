package org.dilort.export;

/** Hears of every token as soon as it is chosen; ids that end a sequence are not told. */
@FunctionalInterface
public interface TokenListener {

    TokenListener NONE = (prompt, token) -> Next.GO_ON;

    /** @param prompt number of the prompt in the batch */
    Next onToken(int prompt, int token);
}
