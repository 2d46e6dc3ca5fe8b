package org.dilort.data;

import java.util.function.Consumer;

/**
 * Chosen and rejected as transcripts, {@code "\n\nHuman: ...\n\nAssistant: ..."}, as Anthropic's helpful and harmless
 * data has them. The prompt is what both begin with, up to and with the last {@code Assistant:} therein.
 */
record TranscriptRows() implements RowShape {
    private static final String HUMAN = "Human:";
    private static final String TURN = "\n\nAssistant:";

    @Override
    public String label() {
        return "Human/Assistant transcripts";
    }

    @Override
    public boolean fits(JsonLine row) {
        return !row.has(PairFields.PROMPT)
                && row.isText(PairFields.CHOSEN)
                && row.root().get(PairFields.CHOSEN).textValue().stripLeading().startsWith(HUMAN);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        String chosen = row.text(PairFields.CHOSEN, "response");
        if (!row.has(PairFields.REJECTED)) {
            throw row.error("rejected: missing; the prompt of a transcript is what both transcripts begin with");
        }
        String rejected = row.text(PairFields.REJECTED, "response");
        int common = commonPrefix(chosen, rejected);
        int turn = chosen.lastIndexOf(TURN, common - TURN.length());
        if (common < TURN.length() || turn < 0) {
            throw row.error("prompt: missing, and chosen and rejected have no turn \"Assistant:\" in common");
        }
        int end = turn + TURN.length();
        sink.accept(new PreferenceExample.Text(
                row.source(),
                chosen.substring(0, end),
                response(row, PairFields.CHOSEN, chosen, end),
                response(row, PairFields.REJECTED, rejected, end)));
    }

    private static String response(JsonLine row, String field, String transcript, int from) {
        if (from == transcript.length()) {
            throw row.error(field + ": empty response");
        }
        return transcript.substring(from);
    }

    private static int commonPrefix(String a, String b) {
        int limit = Math.min(a.length(), b.length());
        int count = 0;
        while (count < limit && a.charAt(count) == b.charAt(count)) {
            count++;
        }
        return count;
    }
}
