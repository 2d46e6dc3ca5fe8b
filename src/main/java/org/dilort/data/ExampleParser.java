package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.dilort.error.DataException;

/** Turns the JSON of one line into an example, or says what is wrong with it. */
final class ExampleParser {
    private static final String PROMPT = "prompt";
    private static final String CHOSEN = "chosen";
    private static final String REJECTED = "rejected";
    private static final String PROMPT_IDS = "prompt_ids";
    private static final String CHOSEN_IDS = "chosen_ids";
    private static final String REJECTED_IDS = "rejected_ids";

    private final RejectedUse rejectedUse;

    ExampleParser(RejectedUse rejectedUse) {
        this.rejectedUse = rejectedUse;
    }

    PreferenceExample parse(JsonNode root, SourceLine source) {
        if (!root.isObject()) {
            throw new DataException(source + ": got " + JsonLine.describe(root) + ", expected a JSON object");
        }
        JsonLine line = new JsonLine(root, source);
        boolean ids = line.has(PROMPT_IDS) || line.has(CHOSEN_IDS) || line.has(REJECTED_IDS);
        boolean written = line.has(PROMPT) || line.has(CHOSEN) || line.has(REJECTED);
        if (ids && written) {
            throw line.error("got token ids and text, expected one of the two forms");
        }
        if (ids) {
            return parseIds(line);
        }
        return line.require(CHOSEN).isArray() ? parseMessages(line) : parseText(line);
    }

    private PreferenceExample parseIds(JsonLine line) {
        return new PreferenceExample.TokenIds(
                line.source(),
                line.ids(PROMPT_IDS, "prompt"),
                line.ids(CHOSEN_IDS, "response"),
                hasRejected(line, REJECTED_IDS) ? line.ids(REJECTED_IDS, "response") : new int[0]);
    }

    private PreferenceExample parseText(JsonLine line) {
        return new PreferenceExample.Text(
                line.source(),
                line.text(PROMPT, "prompt"),
                line.text(CHOSEN, "response"),
                hasRejected(line, REJECTED) ? line.text(REJECTED, "response") : "");
    }

    private PreferenceExample parseMessages(JsonLine line) {
        List<Message> chosen = line.messages(CHOSEN, "response");
        List<Message> rejected = hasRejected(line, REJECTED) ? line.messages(REJECTED, "response") : List.of();
        int promptInside = line.has(PROMPT) ? 0 : implicitPrompt(line, chosen, rejected);
        List<Message> prompt = line.has(PROMPT) ? line.messages(PROMPT, "prompt") : chosen.subList(0, promptInside);
        return new PreferenceExample.Messages(
                line.source(),
                prompt,
                response(line, CHOSEN, chosen, promptInside),
                response(line, REJECTED, rejected, Math.min(promptInside, rejected.size())));
    }

    /** How many messages both conversations begin with; each keeps at least its last one as the response. */
    private static int implicitPrompt(JsonLine line, List<Message> chosen, List<Message> rejected) {
        if (rejected.isEmpty()) {
            throw line.error("prompt: missing, and no rejected conversation to share a beginning with");
        }
        int limit = Math.min(chosen.size(), rejected.size()) - 1;
        int count = 0;
        while (count < limit && chosen.get(count).equals(rejected.get(count))) {
            count++;
        }
        if (count == 0) {
            throw line.error("prompt: missing, and chosen and rejected do not begin with the same message");
        }
        return count;
    }

    private static List<Message> response(JsonLine line, String key, List<Message> messages, int from) {
        List<Message> response = messages.subList(from, messages.size());
        if (!messages.isEmpty()
                && response.stream().allMatch(message -> message.content().isEmpty())) {
            throw line.error(key + ": empty response");
        }
        return response;
    }

    private boolean hasRejected(JsonLine line, String key) {
        if (!line.has(key) && rejectedUse == RejectedUse.REQUIRED) {
            throw line.error(key + ": missing");
        }
        return line.has(key);
    }
}
