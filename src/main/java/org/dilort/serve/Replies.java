package org.dilort.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dilort.export.Ending;
import org.dilort.export.Generation;

/**
 * The objects of one answer, as OpenAI's interface has them.
 *
 * @param id the same in all events of a stream
 * @param created seconds since 1970
 */
record Replies(Kind kind, String id, long created, String model) {

    /** Which of the two interfaces was asked. */
    enum Kind {
        CHAT("chat.completion", "chat.completion.chunk"),
        TEXT("text_completion", "text_completion");

        private final String whole;
        private final String part;

        Kind(String whole, String part) {
            this.whole = whole;
            this.part = part;
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** @param logprobs null in JSON where nobody asked for them */
    ObjectNode whole(Generation answer, JsonNode logprobs) {
        ObjectNode choice = object().put("index", 0);
        if (kind == Kind.CHAT) {
            choice.set("message", object().put("role", "assistant").put("content", answer.text()));
        } else {
            choice.put("text", answer.text());
        }
        choice.set("logprobs", logprobs);
        choice.put("finish_reason", reason(answer.ending()));
        ObjectNode reply = head(kind.whole);
        reply.putArray("choices").add(choice);
        reply.set("usage", usage(answer));
        return reply;
    }

    /** The first event of a chat's stream. */
    ObjectNode begin() {
        return chunk(object().put("role", "assistant").put("content", ""), "", NullNode.getInstance());
    }

    ObjectNode piece(String text, JsonNode logprobs) {
        return chunk(object().put("content", text), text, logprobs);
    }

    ObjectNode end(Generation answer, JsonNode logprobs) {
        ObjectNode reply = chunk(object(), "", logprobs);
        ((ObjectNode) reply.path("choices").path(0)).put("finish_reason", reason(answer.ending()));
        return reply;
    }

    ObjectNode usageChunk(Generation answer) {
        ObjectNode reply = head(kind.part);
        reply.putArray("choices");
        reply.set("usage", usage(answer));
        return reply;
    }

    private ObjectNode chunk(ObjectNode delta, String text, JsonNode logprobs) {
        ObjectNode choice = object().put("index", 0);
        if (kind == Kind.CHAT) {
            choice.set("delta", delta);
        } else {
            choice.put("text", text);
        }
        choice.set("logprobs", logprobs);
        choice.putNull("finish_reason");
        ObjectNode reply = head(kind.part);
        reply.putArray("choices").add(choice);
        return reply;
    }

    private ObjectNode head(String object) {
        return object().put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }

    private static ObjectNode usage(Generation answer) {
        return object().put("prompt_tokens", answer.promptTokens())
                .put("completion_tokens", answer.tokens())
                .put("total_tokens", answer.promptTokens() + answer.tokens());
    }

    private static String reason(Ending ending) {
        return switch (ending) {
            case END_OF_SEQUENCE, STOPPED -> "stop";
            case MAX_NEW_TOKENS, CONTEXT_FULL -> "length";
        };
    }

    static ObjectNode error(RequestException e) {
        ObjectNode error = object().put("message", e.getMessage())
                .put("type", e.type())
                .putNull("param")
                .put("code", e.code());
        ObjectNode reply = object();
        reply.set("error", error);
        return reply;
    }
}
