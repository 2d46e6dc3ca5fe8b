package org.dilort.data;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Longest piece first, from the left. Characters that no piece covers are their own code; pieces are numbered from
 * {@link #FIRST_PIECE}. Spaces and texts without pieces need no file, so tests can show what they mean.
 */
final class FakeTokenizer implements Tokenizer {
    static final int BOS = 1;
    static final int EOS = 2;
    static final int FIRST_PIECE = 256;
    static final int VOCABULARY = 300;

    private final List<String> pieces;
    private final SpecialTokens specialTokens;
    private final Set<String> specialTexts;

    FakeTokenizer(SpecialTokens specialTokens, String... pieces) {
        this(specialTokens, Set.of(), pieces);
    }

    private FakeTokenizer(SpecialTokens specialTokens, Set<String> specialTexts, String... pieces) {
        this.specialTokens = specialTokens;
        this.specialTexts = specialTexts;
        this.pieces = List.of(pieces);
    }

    static FakeTokenizer withBosAndEos(String... pieces) {
        return new FakeTokenizer(new SpecialTokens(BOS, EOS, SpecialTokens.NONE, true, false), pieces);
    }

    /** One that says that these are special, and reads them letter by letter all the same. */
    static FakeTokenizer withSpecialTexts(Set<String> texts) {
        return new FakeTokenizer(new SpecialTokens(BOS, EOS, SpecialTokens.NONE, true, false), texts);
    }

    @Override
    public Set<String> specialTexts() {
        return specialTexts;
    }

    @Override
    public int[] encode(String text) {
        int[] ids = new int[text.length()];
        int count = 0;
        for (int at = 0; at < text.length(); count++) {
            String piece = longestPiece(text.substring(at));
            ids[count] = piece.isEmpty() ? text.charAt(at) : FIRST_PIECE + pieces.indexOf(piece);
            at += Math.max(1, piece.length());
        }
        return Arrays.copyOf(ids, count);
    }

    private String longestPiece(String text) {
        String longest = "";
        for (String piece : pieces) {
            if (text.startsWith(piece) && piece.length() > longest.length()) {
                longest = piece;
            }
        }
        return longest;
    }

    @Override
    public String decode(int[] ids, SpecialText specialText) {
        return Arrays.stream(ids)
                .mapToObj(id -> id < FIRST_PIECE ? String.valueOf((char) id) : pieces.get(id - FIRST_PIECE))
                .collect(Collectors.joining());
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public int vocabularySize() {
        return VOCABULARY;
    }

    @Override
    public void close() {}
}
