package org.dilort.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One turn of a conversation; roles are whatever the chat template knows.
 *
 * @param content its text; the texts of its parts, one after the other, where it has parts; empty for a mere tool call
 * @param json the turn as it was written, which is what a template sees; shared, not copied, and never changed
 */
public record Message(String role, String content, ObjectNode json) {

    public Message(String role, String content) {
        this(
                role,
                content,
                JsonNodeFactory.instance.objectNode().put("role", role).put("content", content));
    }
}
