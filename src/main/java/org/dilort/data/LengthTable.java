package org.dilort.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** The lengths of a data set's pairs in tokens: quantiles of each part, and a histogram of whole sequences. */
public final class LengthTable {
    private static final double[] QUANTILES = {0, 0.25, 0.5, 0.75, 0.95, 1};
    private static final int BUCKETS = 12;
    private static final int BAR = 40;

    private LengthTable() {}

    /** Lines for people; none for no pairs. */
    public static List<String> lines(List<TokenizedPair> pairs) {
        if (pairs.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("tokens        least     25 %   median     75 %     95 %     most");
        lines.add(quantiles("prompt", pairs, pair -> pair.chosenPrompt().length));
        lines.add(quantiles("chosen", pairs, pair -> pair.chosen().length));
        lines.add(quantiles("rejected", pairs, pair -> pair.rejected().length));
        lines.add(quantiles("sequence", pairs, TokenizedPair::longestSequence));
        lines.add("longer sequence of each pair, prompt and response:");
        lines.addAll(histogram(sorted(pairs, TokenizedPair::longestSequence)));
        return lines;
    }

    private static int[] sorted(List<TokenizedPair> pairs, ToIntFunction<TokenizedPair> length) {
        return pairs.stream().mapToInt(length).sorted().toArray();
    }

    private static String quantiles(String name, List<TokenizedPair> pairs, ToIntFunction<TokenizedPair> length) {
        int[] lengths = sorted(pairs, length);
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-9s", name));
        for (double quantile : QUANTILES) {
            int at = (int) Math.round(quantile * (lengths.length - 1));
            line.append(String.format(Locale.ROOT, " %,8d", lengths[at]));
        }
        return line.toString();
    }

    private static List<String> histogram(int[] sorted) {
        int least = sorted[0];
        int most = sorted[sorted.length - 1];
        int width = (most - least) / BUCKETS + 1;
        int[] counts = new int[(most - least) / width + 1];
        Arrays.stream(sorted).forEach(length -> counts[(length - least) / width]++);
        int fullest = Arrays.stream(counts).max().orElse(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            int from = least + i * width;
            String bar = "#".repeat((int) Math.ceil((double) BAR * counts[i] / fullest));
            String line = String.format(Locale.ROOT, "%,8d to %,7d %,9d %s", from, from + width - 1, counts[i], bar);
            lines.add(line.stripTrailing());
        }
        return lines;
    }
}
