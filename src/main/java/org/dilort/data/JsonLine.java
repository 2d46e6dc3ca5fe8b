package org.dilort.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dilort.error.DataException;
import org.dilort.input.Json;
import org.dilort.input.SourceLine;

/**
 * The fields of one line. Every answer is checked, every error names the line and the key; {@code meaning} says what an
 * empty value lacks.
 */
record JsonLine(JsonNode root, SourceLine source) {
    private static final String TOOLS = "tools";
    private static final String TEMPLATE_VARIABLES = "chat_template_kwargs";

    DataException error(String message) {
        return new DataException(source + ": " + message);
    }

    boolean has(String key) {
        return root.hasNonNull(key);
    }

    JsonNode require(String key) {
        if (!has(key)) {
            throw error(key + ": missing");
        }
        return root.get(key);
    }

    String text(String key, String meaning) {
        String text = requireText(require(key), key);
        if (text.isEmpty()) {
            throw error(key + ": empty " + meaning);
        }
        return text;
    }

    boolean isText(String key) {
        return root.path(key).isTextual();
    }

    boolean isList(String key) {
        return root.path(key).isArray();
    }

    List<Message> messages(String key, String meaning) {
        return messages(require(key), key, meaning);
    }

    /** The messages of a node that stands at {@code key}. */
    List<Message> messages(JsonNode node, String key, String meaning) {
        JsonNode list = requireList(node, key, meaning, "a list of messages");
        List<Message> messages = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String path = key + "[" + i + "]";
            JsonNode message = list.get(i);
            if (!message.isObject()) {
                throw error(path + ": got " + describe(message) + ", expected an object with role and content");
            }
            messages.add(message((ObjectNode) message, path));
        }
        return messages;
    }

    /** The messages, unless they are there and say nothing. */
    List<Message> response(String key, List<Message> messages) {
        boolean silent = messages.stream()
                .allMatch(message -> message.content().isEmpty()
                        && message.json().path("tool_calls").isEmpty());
        if (!messages.isEmpty() && silent) {
            throw error(key + ": empty response");
        }
        return messages;
    }

    private Message message(ObjectNode message, String path) {
        String role = requireText(message.path("role"), path + ".role");
        JsonNode content = message.path("content");
        boolean silent = content.isMissingNode() || content.isNull();
        if (silent && !message.path("tool_calls").isEmpty()) {
            return new Message(role, "", requireWellFormed(message, path));
        }
        String text = content.isArray() ? parts(content, path + ".content") : requireText(content, path + ".content");
        return new Message(role, text, requireWellFormed(message, path));
    }

    /** The texts of a content in parts, of which some, such as images, have none. */
    private String parts(JsonNode parts, String path) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            JsonNode part = parts.get(i);
            String partPath = path + "[" + i + "]";
            if (!part.isObject()) {
                throw error(partPath + ": got " + describe(part) + ", expected an object with type and text");
            }
            text.append(part.has("text") ? requireText(part.get("text"), partPath + ".text") : "");
        }
        return text.toString();
    }

    private ObjectNode requireWellFormed(ObjectNode message, String path) {
        message.properties().forEach(field -> requireWellFormedTexts(field.getValue(), path + "." + field.getKey()));
        return message;
    }

    private void requireWellFormedTexts(JsonNode node, String path) {
        if (node.isTextual()) {
            requireText(node, path);
        }
        node.forEach(child -> requireWellFormedTexts(child, path));
    }

    /** What the row gives to the chat template: {@code tools}, also as a text, and {@code chat_template_kwargs}. */
    Map<String, JsonNode> templateVariables() {
        Map<String, JsonNode> variables = new LinkedHashMap<>();
        if (has(TOOLS)) {
            variables.put(TOOLS, tools(root.get(TOOLS)));
        }
        if (has(TEMPLATE_VARIABLES)) {
            JsonNode more = root.get(TEMPLATE_VARIABLES);
            if (!more.isObject()) {
                throw error(TEMPLATE_VARIABLES + ": got " + describe(more) + ", expected an object");
            }
            more.properties().forEach(variable -> variables.put(variable.getKey(), variable.getValue()));
        }
        variables.forEach((name, value) -> requireWellFormedTexts(value, name));
        return variables;
    }

    private JsonNode tools(JsonNode tools) {
        JsonNode list = tools.isTextual() ? Json.read(tools.textValue()).orElse(tools) : tools;
        if (!list.isArray()) {
            throw error(TOOLS + ": got " + describe(list) + ", expected a list of tools");
        }
        return list;
    }

    int[] ids(String key, String meaning) {
        JsonNode list = requireList(require(key), key, meaning, "a list of token ids");
        int[] ids = new int[list.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = list.get(i);
            if (!id.isIntegralNumber() || !id.canConvertToInt()) {
                String got = id.isNumber() ? id.asText() : describe(id);
                throw error(key + "[" + i + "]: got " + got + ", expected a token id");
            }
            ids[i] = id.intValue();
        }
        return ids;
    }

    private JsonNode requireList(JsonNode list, String key, String meaning, String expected) {
        if (!list.isArray()) {
            throw error(key + ": got " + describe(list) + ", expected " + expected);
        }
        if (list.isEmpty()) {
            throw error(key + ": empty " + meaning);
        }
        return list;
    }

    String requireText(JsonNode node, String path) {
        if (!node.isTextual()) {
            throw error(path + ": got " + describe(node) + ", expected a string");
        }
        String text = node.textValue();
        int at = firstLoneSurrogate(text);
        if (at >= 0) {
            throw error(path + ": half a surrogate pair at character " + at + ", which no UTF-8 text can hold");
        }
        return text;
    }

    private static int firstLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                return i;
            }
            i++;
        }
        return -1;
    }

    static String describe(JsonNode node) {
        JsonNodeType type = node.getNodeType();
        return switch (type) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL, MISSING -> "nothing";
            default -> "a " + type.name().toLowerCase(Locale.ROOT);
        };
    }
}
