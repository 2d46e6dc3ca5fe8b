package org.dilort.data;

import java.util.Locale;

/**
 * What became of the examples of a data set.
 *
 * @param examples examples read
 * @param pairs pairs kept
 * @param dropped examples that were too long
 * @param promptsCut pairs that lost prompt tokens
 * @param responsesCut pairs in which a response lost tokens
 * @param identical pairs whose responses are the same tokens
 * @param splitMerges responses whose first token would have merged with the end of the prompt and was kept apart
 * @param sequenceTokens tokens of the kept pairs, the prompt counted in both sequences
 * @param documentTokens tokens of the kept pairs, the prompt counted once
 */
public record DataReport(
        long examples,
        long pairs,
        long dropped,
        long promptsCut,
        long responsesCut,
        long identical,
        long splitMerges,
        long sequenceTokens,
        long documentTokens) {

    /** One line for people; counts of zero are left out. */
    public String summary() {
        StringBuilder line = new StringBuilder();
        line.append(String.format(
                Locale.ROOT, "%,d pairs, %,d tokens (%,d computed)", pairs, sequenceTokens, documentTokens));
        append(line, dropped, "dropped as too long");
        append(line, promptsCut, "prompts cut");
        append(line, responsesCut, "with a response cut");
        append(line, identical, "with identical responses");
        append(line, splitMerges, "responses kept apart from the prompt's last token");
        return line.toString();
    }

    private static void append(StringBuilder line, long count, String what) {
        if (count > 0) {
            line.append(String.format(Locale.ROOT, ", %,d %s", count, what));
        }
    }
}
