package org.dilort.data;

import java.util.List;
import java.util.function.Consumer;

/** Prompt, chosen and rejected as lists of messages, the prompt in none of the others. */
record MessageRows(RejectedUse rejectedUse) implements RowShape {

    @Override
    public String label() {
        return "messages with a prompt";
    }

    @Override
    public boolean fits(JsonLine row) {
        return row.isList(PairFields.PROMPT) && row.isList(PairFields.CHOSEN);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        List<Message> rejected = rejectedUse.present(row, PairFields.REJECTED)
                ? row.messages(PairFields.REJECTED, "response")
                : List.of();
        sink.accept(new PreferenceExample.Messages(
                row.source(),
                row.messages(PairFields.PROMPT, "prompt"),
                row.response(PairFields.CHOSEN, row.messages(PairFields.CHOSEN, "response")),
                row.response(PairFields.REJECTED, rejected),
                row.templateVariables()));
    }
}
