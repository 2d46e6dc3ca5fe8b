package org.dilort.data;

import java.util.function.Consumer;

/** {@code {"prompt_ids": [1, 5], "chosen_ids": [7, 2], "rejected_ids": [8, 2]}}, used as they are. */
record TokenIdRows(RejectedUse rejectedUse) implements RowShape {
    private static final String PROMPT = "prompt_ids";
    private static final String CHOSEN = "chosen_ids";
    private static final String REJECTED = "rejected_ids";

    @Override
    public String label() {
        return "token ids";
    }

    @Override
    public boolean fits(JsonLine row) {
        return row.has(PROMPT) || row.has(CHOSEN) || row.has(REJECTED);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        if (row.has(PairFields.PROMPT) || row.has(PairFields.CHOSEN) || row.has(PairFields.REJECTED)) {
            throw row.error("got token ids and text, expected one of the two forms");
        }
        int[] rejected = rejectedUse.present(row, REJECTED) ? row.ids(REJECTED, "response") : new int[0];
        sink.accept(new PreferenceExample.TokenIds(
                row.source(), row.ids(PROMPT, "prompt"), row.ids(CHOSEN, "response"), rejected));
    }
}
