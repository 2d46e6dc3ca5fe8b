package org.dilort.data;

import java.util.function.Consumer;

/** {@code {"prompt": "2+2=", "chosen": "4", "rejected": "5"}}. */
record TextRows(RejectedUse rejectedUse) implements RowShape {

    @Override
    public String label() {
        return "strings with a prompt";
    }

    @Override
    public boolean fits(JsonLine row) {
        return row.has(PairFields.PROMPT) && row.isText(PairFields.CHOSEN);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        String rejected =
                rejectedUse.present(row, PairFields.REJECTED) ? row.text(PairFields.REJECTED, "response") : "";
        sink.accept(new PreferenceExample.Text(
                row.source(),
                row.text(PairFields.PROMPT, "prompt"),
                row.text(PairFields.CHOSEN, "response"),
                rejected));
    }
}
