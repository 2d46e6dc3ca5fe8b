package org.dilort.export;

/** Hears of generated text piece by piece; a piece never ends inside a character. */
@FunctionalInterface
public interface TextListener {

    TextListener NONE = (prompt, piece) -> {};

    /** @param prompt number of the prompt in the batch */
    void onText(int prompt, String piece);
}
