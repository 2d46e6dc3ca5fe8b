package org.dilort.export;

/** Hears of generated text piece by piece; a piece never ends inside a character. */
@FunctionalInterface
public interface TextListener {

    TextListener NONE = (prompt, piece) -> Next.GO_ON;

    /** Of every token, where the settings ask for scores, before the text that it makes certain. */
    default void onScores(int prompt, ScoredToken token) {}

    /** @param prompt number of the prompt in the batch */
    Next onText(int prompt, String piece);
}
