package org.dilort.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How well steps pack.
 *
 * @param steps how many were laid out
 * @param tokens that are not padding
 * @param laidOut rows times length, over all micro-batches
 * @param twoRows the same for a row per sequence, sorted by length under the same budget
 */
public record Packing(int steps, long tokens, long laidOut, long twoRows) {

    /** @param steps the pairs of each */
    public static Packing of(Stream<List<TokenizedPair>> steps, PackOptions options) {
        Packer packer = new Packer(options);
        Packer rows =
                new Packer(new PackOptions(options.rowTokens(), options.microBatchTokens(), Layout.ROW_PER_SEQUENCE));
        long tokens = 0;
        long laidOut = 0;
        long twoRows = 0;
        int count = 0;
        for (List<TokenizedPair> step : (Iterable<List<TokenizedPair>>) steps::iterator) {
            count++;
            List<List<Row>> batches = packer.rows(step);
            tokens += batches.stream()
                    .flatMap(List::stream)
                    .mapToLong(Row::length)
                    .sum();
            laidOut += batches.stream().mapToLong(Packing::laidOut).sum();
            twoRows += rows.rows(step).stream().mapToLong(Packing::laidOut).sum();
        }
        return new Packing(count, tokens, laidOut, twoRows);
    }

    private static long laidOut(List<Row> batch) {
        return (long) batch.size() * batch.stream().mapToInt(Row::length).max().orElse(0);
    }

    /** One line for people. */
    public String summary() {
        return String.format(
                Locale.ROOT,
                "packing of the first %d steps: %.1f %% of what is computed are tokens, %.2f x fewer than two padded rows"
                        + " a pair",
                steps,
                100.0 * tokens / laidOut,
                (double) twoRows / laidOut);
    }
}
