package org.dilort.data;

import java.util.List;
import java.util.function.Consumer;

/**
 * Chosen and rejected as whole conversations, the prompt the messages that both begin with; each keeps its last message
 * as the response. A {@code prompt} that is a string beside them (UltraFeedback has one) is no part of the pair where
 * the conversations begin alike, and is the user's message where they do not.
 */
record ConversationRows(RejectedUse rejectedUse, ImplicitPrompt implicit) implements RowShape {

    @Override
    public String label() {
        return "conversations, the prompt their common beginning";
    }

    @Override
    public boolean fits(JsonLine row) {
        return !row.isList(PairFields.PROMPT) && row.isList(PairFields.CHOSEN);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        List<Message> chosen = row.messages(PairFields.CHOSEN, "response");
        List<Message> rejected = rejectedUse.present(row, PairFields.REJECTED)
                ? row.messages(PairFields.REJECTED, "response")
                : List.of();
        if (implicit == ImplicitPrompt.ALL_BUT_LAST && chosen.size() > 1) {
            sink.accept(lastMessages(row, chosen, rejected));
            return;
        }
        int count = commonBeginning(row, chosen, rejected);
        List<Message> prompt = count > 0
                ? chosen.subList(0, count)
                : List.of(new Message("user", row.text(PairFields.PROMPT, "prompt")));
        sink.accept(new PreferenceExample.Messages(
                row.source(),
                prompt,
                row.response(PairFields.CHOSEN, rest(chosen, count)),
                row.response(PairFields.REJECTED, rest(rejected, count)),
                row.templateVariables()));
    }

    private static PreferenceExample lastMessages(JsonLine row, List<Message> chosen, List<Message> rejected) {
        int last = chosen.size() - 1;
        return new PreferenceExample.Messages(
                row.source(),
                chosen.subList(0, last),
                row.response(PairFields.CHOSEN, chosen.subList(last, chosen.size())),
                row.response(PairFields.REJECTED, rest(rejected, rejected.size() - 1)),
                row.templateVariables());
    }

    /** How many messages both begin with, 0 where a prompt beside them stands for them. */
    private static int commonBeginning(JsonLine row, List<Message> chosen, List<Message> rejected) {
        if (rejected.isEmpty() && chosen.size() > 1 && row.has(PairFields.PROMPT)) {
            return chosen.size() - 1;
        }
        int limit = Math.min(chosen.size(), rejected.size()) - 1;
        int count = 0;
        while (count < limit && chosen.get(count).equals(rejected.get(count))) {
            count++;
        }
        if (count == 0 && !row.has(PairFields.PROMPT)) {
            throw row.error(
                    rejected.isEmpty()
                            ? "prompt: missing, and no rejected conversation to share a beginning with"
                            : "prompt: missing, and chosen and rejected do not begin with the same message");
        }
        return count;
    }

    private static List<Message> rest(List<Message> messages, int from) {
        return messages.subList(Math.max(0, Math.min(from, messages.size())), messages.size());
    }
}
