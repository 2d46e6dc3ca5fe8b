package org.dilort.data;

import java.util.function.Consumer;

/** A completion with a label, as KTO's data has it: refused. */
record UnpairedRows() implements RowShape {

    @Override
    public String label() {
        return "labelled completions";
    }

    @Override
    public boolean fits(JsonLine row) {
        return row.has("completion") && row.has("label") && !row.has(PairFields.CHOSEN);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        throw row.error(
                "got a completion and a label, which is unpaired data; expected chosen and rejected responses to"
                        + " one prompt, since every loss here compares two responses");
    }
}
