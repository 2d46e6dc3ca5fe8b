package org.dilort.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dilort.export.ScoredToken;

/** Log-probabilities as OpenAI's two interfaces have them. */
final class Logprobs {
    /** For what JSON has no number, as OpenAI writes it. */
    private static final double IMPOSSIBLE = -9999;

    private Logprobs() {}

    /** {@code {"content": [{"token", "logprob", "bytes", "top_logprobs": [..]}, ..]}}. */
    static ObjectNode ofChat(List<ScoredToken> tokens) {
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode content = logprobs.putArray("content");
        for (ScoredToken token : tokens) {
            ObjectNode entry = entry(token);
            content.add(entry);
            ArrayNode top = entry.putArray("top_logprobs");
            token.top().forEach(other -> top.add(entry(other)));
        }
        return logprobs;
    }

    private static ObjectNode entry(ScoredToken token) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        entry.put("token", token.text()).put("logprob", finite(token.logprob()));
        ArrayNode bytes = entry.putArray("bytes");
        for (byte value : token.text().getBytes(StandardCharsets.UTF_8)) {
            bytes.add(value & 0xff);
        }
        return entry;
    }

    /**
     * {@code {"tokens", "token_logprobs", "top_logprobs": [{text: logprob}, ..], "text_offset"}}.
     *
     * @param offset characters of the answer before the first token
     */
    static ObjectNode ofText(List<ScoredToken> tokens, int offset) {
        ObjectNode logprobs = JsonNodeFactory.instance.objectNode();
        ArrayNode texts = logprobs.putArray("tokens");
        ArrayNode values = logprobs.putArray("token_logprobs");
        ArrayNode tops = logprobs.putArray("top_logprobs");
        ArrayNode offsets = logprobs.putArray("text_offset");
        int at = offset;
        for (ScoredToken token : tokens) {
            texts.add(token.text());
            values.add(finite(token.logprob()));
            offsets.add(at);
            at += token.text().length();
            ObjectNode top = tops.addObject();
            for (ScoredToken other : token.top()) {
                if (!top.has(other.text())) {
                    top.put(other.text(), finite(other.logprob()));
                }
            }
        }
        return logprobs;
    }

    private static double finite(double logprob) {
        return Double.isFinite(logprob) ? logprob : IMPOSSIBLE;
    }
}
