package org.dilort.data;

import java.util.function.Consumer;

/**
 * Chosen and rejected as strings without a prompt, split as TRL splits them: the prompt is the characters that both
 * begin with, without the space before the first difference.
 */
record CommonPrefixRows() implements RowShape {

    @Override
    public String label() {
        return "strings, the prompt their common beginning";
    }

    @Override
    public boolean fits(JsonLine row) {
        return !row.has(PairFields.PROMPT) && row.isText(PairFields.CHOSEN) && row.isText(PairFields.REJECTED);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        String chosen = row.text(PairFields.CHOSEN, "response");
        String rejected = row.text(PairFields.REJECTED, "response");
        int end = promptLength(chosen, rejected);
        if (end == 0) {
            throw row.error("prompt: missing, and chosen and rejected do not begin with the same characters");
        }
        sink.accept(new PreferenceExample.Text(
                row.source(), chosen.substring(0, end), chosen.substring(end), rejected.substring(end)));
    }

    /** Characters are code points there: half of one is never shared. */
    private static int promptLength(String chosen, String rejected) {
        int limit = Math.min(chosen.length(), rejected.length());
        int count = 0;
        while (count < limit && chosen.charAt(count) == rejected.charAt(count)) {
            count++;
        }
        if (count == limit) {
            return limit - Character.charCount(chosen.codePointBefore(limit));
        }
        if (count > 0 && Character.isHighSurrogate(chosen.charAt(count - 1))) {
            count--;
        }
        return count > 0 && chosen.charAt(count - 1) == ' ' ? count - 1 : count;
    }
}
