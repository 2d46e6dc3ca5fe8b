package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Consumer;
import org.dilort.error.DataException;

/**
 * Two summaries of a post and which is the better one, as OpenAI's summarize_from_feedback has them:
 * {@code {"info": {"subreddit", "title", "post"}, "summaries": [{"text"}, {"text"}], "choice": 0}}; for news,
 * {@code info} has an {@code article}. The prompt is theirs: the post under its headings, then {@code TL;DR:}.
 */
record ComparisonRows() implements RowShape {
    private static final String INFO = "info";
    private static final String SUMMARIES = "summaries";
    private static final String CHOICE = "choice";

    @Override
    public String label() {
        return "summary comparisons";
    }

    @Override
    public boolean fits(JsonLine row) {
        return row.has(INFO) && row.has(SUMMARIES);
    }

    @Override
    public void parse(JsonLine row, Consumer<? super PreferenceExample> sink) {
        JsonNode choice = row.require(CHOICE);
        if (!choice.isIntegralNumber() || choice.intValue() < 0 || choice.intValue() > 1) {
            throw row.error(CHOICE + ": got " + choice.asText() + ", expected 0 or 1");
        }
        JsonNode summaries = row.require(SUMMARIES);
        if (!summaries.isArray() || summaries.size() != 2) {
            throw row.error(SUMMARIES + ": expected a list of two");
        }
        sink.accept(new PreferenceExample.Text(
                row.source(),
                prompt(row),
                summary(row, summaries, choice.intValue()),
                summary(row, summaries, 1 - choice.intValue())));
    }

    private static String prompt(JsonLine row) {
        JsonNode info = row.require(INFO);
        if (info.hasNonNull("article")) {
            return "Article:\n\n" + part(row, info, "article") + "\n\nTL;DR:";
        }
        return "SUBREDDIT: r/" + part(row, info, "subreddit")
                + "\n\nTITLE: " + part(row, info, "title")
                + "\n\nPOST: " + part(row, info, "post")
                + "\n\nTL;DR:";
    }

    private static String part(JsonLine row, JsonNode info, String field) {
        return row.requireText(info.path(field), INFO + "." + field);
    }

    /** A summary follows the colon after a space, which most of them bring along. */
    private static String summary(JsonLine row, JsonNode summaries, int index) {
        String path = SUMMARIES + "[" + index + "].text";
        String text = row.requireText(summaries.get(index).path("text"), path);
        if (text.isEmpty()) {
            throw new DataException(row.source() + ": " + path + ": empty response");
        }
        return Character.isWhitespace(text.charAt(0)) ? text : " " + text;
    }
}
