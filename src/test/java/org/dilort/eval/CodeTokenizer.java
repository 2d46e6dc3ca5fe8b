package org.dilort.eval;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.dilort.data.SpecialTokens;
import org.dilort.data.Tokenizer;

/** A token for each character, its id what the character is above {@link #FIRST}: texts for checkpoints without tokenizer. */
record CodeTokenizer(SpecialTokens specialTokens) implements Tokenizer {
    private static final char FIRST = '\u4e00';

    static CodeTokenizer withoutSpecialTokens() {
        int none = SpecialTokens.NONE;
        return new CodeTokenizer(new SpecialTokens(none, none, none, false, false));
    }

    static CodeTokenizer withBos(int bos) {
        int none = SpecialTokens.NONE;
        return new CodeTokenizer(new SpecialTokens(bos, none, none, false, false));
    }

    static String text(int... ids) {
        return Arrays.stream(ids)
                .mapToObj(id -> String.valueOf((char) (FIRST + id)))
                .collect(Collectors.joining());
    }

    @Override
    public int[] encode(String text) {
        return text.chars().map(character -> character - FIRST).toArray();
    }

    @Override
    public String decode(int[] ids, SpecialText specialText) {
        return text(ids);
    }

    @Override
    public int vocabularySize() {
        return 1000;
    }

    @Override
    public void close() {}
}
