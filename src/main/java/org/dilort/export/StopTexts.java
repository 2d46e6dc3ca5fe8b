package org.dilort.export;

import java.util.List;

/** Texts that end an answer. */
record StopTexts(List<String> texts) {
    static final StopTexts NONE = new StopTexts(List.of());
    static final int ABSENT = -1;

    StopTexts {
        texts = List.copyOf(texts);
    }

    /** Whether there is one. */
    boolean mayEnd() {
        return !texts.isEmpty();
    }

    /** Where the first of them begins, or {@link #ABSENT}. */
    int indexIn(String answer) {
        return texts.stream()
                .mapToInt(answer::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(ABSENT);
    }

    /** How much of the answer no stop can begin in, whatever follows. */
    int certain(String answer) {
        int certain = answer.length();
        for (String text : texts) {
            int from = Math.max(0, answer.length() - text.length() + 1);
            while (from < certain && !text.startsWith(answer.substring(from))) {
                from++;
            }
            certain = Math.min(certain, from);
        }
        return certain;
    }
}
