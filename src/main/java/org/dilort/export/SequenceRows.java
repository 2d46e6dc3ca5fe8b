package org.dilort.export;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dilort.data.TokenizedPair;

/** The sequences of pairs, one a row, in groups of about the same length. */
final class SequenceRows {
    private static final int MAX_ROWS = 32;

    /**
     * A prompt and one response.
     *
     * @param number {@code 2 * pair + (0 chosen, 1 rejected)}, by the order of the pairs
     * @param scoredFrom index of the first scored token
     */
    record Row(int number, int[] tokens, int scoredFrom) {}

    private SequenceRows() {}

    /** Every sequence of the pairs, in their order. */
    static List<Row> of(List<TokenizedPair> pairs) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            TokenizedPair pair = pairs.get(i);
            rows.add(row(2 * i, pair.chosenPrompt(), pair.chosen()));
            if (pair.hasRejected()) {
                rows.add(row(2 * i + 1, pair.rejectedPrompt(), pair.rejected()));
            }
        }
        return rows;
    }

    static List<List<Row>> groups(List<TokenizedPair> pairs, int maxTokens) {
        List<Row> rows = of(pairs);
        rows.sort(Comparator.comparingInt((Row row) -> row.tokens().length).reversed());
        List<List<Row>> groups = new ArrayList<>();
        int start = 0;
        while (start < rows.size()) {
            int fitting = Math.min(MAX_ROWS, maxTokens / rows.get(start).tokens().length);
            int end = Math.min(rows.size(), start + Math.max(1, fitting));
            groups.add(List.copyOf(rows.subList(start, end)));
            start = end;
        }
        return groups;
    }

    /** Columns of a group from {@code start} on, padded on the right. */
    static TokenBlock block(List<Row> group, int start, int columns) {
        TokenBlock block = TokenBlock.empty(group.size(), columns);
        for (int row = 0; row < group.size(); row++) {
            int[] tokens = group.get(row).tokens();
            int end = Math.min(columns, tokens.length - start);
            for (int column = 0; column < end; column++) {
                block.put(row, column, tokens[start + column], start + column);
            }
        }
        return block;
    }

    private static Row row(int number, int[] prompt, int[] response) {
        int[] tokens = new int[prompt.length + response.length];
        System.arraycopy(prompt, 0, tokens, 0, prompt.length);
        System.arraycopy(response, 0, tokens, prompt.length, response.length);
        return new Row(number, tokens, prompt.length);
    }
}
