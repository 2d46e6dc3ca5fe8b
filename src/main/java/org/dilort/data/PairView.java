package org.dilort.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pair for people: one line for the trunk and one for each branch, tokens set apart by {@code |}, those that are
 * scored in brackets. Long stretches are shortened in their middle.
 */
public final class PairView {
    private static final int SHOWN_AT_START = 60;
    private static final int SHOWN_AT_END = 20;
    /** Tokens that a character may be spread over. */
    private static final int MAX_SPREAD = 8;

    private final Tokenizer tokenizer;

    public PairView(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    public List<String> lines(TokenizedPair pair) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("  trunk     %5d tokens  %s", pair.trunk().length, plain(pair.trunk())));
        lines.add(branch("chosen", pair.chosenLead(), pair.chosen()));
        if (pair.hasRejected()) {
            lines.add(branch("rejected", pair.rejectedLead(), pair.rejected()));
        }
        return lines;
    }

    private String branch(String name, int[] lead, int[] response) {
        String start = lead.length == 0 ? "" : plain(lead) + " ";
        return String.format("  %-9s %5d scored  %s%s", name, response.length, start, scored(response));
    }

    private String plain(int[] tokens) {
        return String.join("|", shortened(pieces(tokens)));
    }

    private String scored(int[] tokens) {
        return "[" + String.join("][", shortened(pieces(tokens))) + "]";
    }

    private static List<String> shortened(List<String> pieces) {
        int hidden = pieces.size() - SHOWN_AT_START - SHOWN_AT_END;
        if (hidden <= 1) {
            return pieces;
        }
        List<String> shown = new ArrayList<>(pieces.subList(0, SHOWN_AT_START));
        shown.add("... " + hidden + " more ...");
        shown.addAll(pieces.subList(pieces.size() - SHOWN_AT_END, pieces.size()));
        return shown;
    }

    /** The texts of the tokens; those that share a character are one. */
    private List<String> pieces(int[] tokens) {
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < tokens.length; ) {
            int end = start + 1;
            String text = text(tokens, start, end);
            while (text.endsWith("\uFFFD") && end < tokens.length && end - start < MAX_SPREAD) {
                end++;
                text = text(tokens, start, end);
            }
            pieces.add(text);
            start = end;
        }
        return pieces;
    }

    private String text(int[] tokens, int start, int end) {
        if (!tokenizer.readsTexts()) {
            return String.valueOf(tokens[start]);
        }
        int[] some = Arrays.copyOfRange(tokens, start, end);
        return escaped(tokenizer.decode(some, Tokenizer.SpecialText.KEEP));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default ->
                    escaped.append(Character.isISOControl(c) ? String.format("\\x%02x", c) : Character.toString(c));
            }
        });
        return escaped.toString();
    }
}
