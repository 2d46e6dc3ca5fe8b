package org.dilort.data;

/**
 * Ids of a tokenizer's special tokens, {@link #NONE} where it has none.
 *
 * @param addBos whether this tokenizer puts BOS before a text
 * @param addEos whether this tokenizer puts EOS after a text
 */
public record SpecialTokens(int bos, int eos, int pad, boolean addBos, boolean addEos) {
    public static final int NONE = -1;

    public boolean usesBos() {
        return addBos && bos != NONE;
    }
}
