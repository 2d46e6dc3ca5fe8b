package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration as JSON Schema (draft 2020-12), for editors: keys and types from the records, ranges and meanings from {@link
 * KeyTable}, defaults from {@link Defaults}. It says what a value may be, not which values go together.
 */
public final class ConfigSchema {
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";
    private static final Map<String, List<String>> REQUIRED =
            Map.of("", List.of("model", "data", "output"), "model", List.of("path"), "data", List.of("train"));

    private final ObjectNode defaults = Defaults.values();

    private ConfigSchema() {}

    /** The same text every time. */
    public static String text() {
        ObjectNode schema = object().put("$schema", DRAFT).put("title", "dil-ort configuration");
        schema.setAll(new ConfigSchema().section("", Config.class));
        return schema.toPrettyString() + "\n";
    }

    /** Every key, dotted. */
    public static List<String> keys() {
        return Schema.allKeys();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode section(String key, Class<?> type) {
        ObjectNode schema = object().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        Schema.keys(type).forEach((name, keyType) -> {
            String inner = ConfigTree.join(key, name);
            properties.set(name, inner.equals("head") ? heads() : value(inner, keyType));
        });
        if (REQUIRED.containsKey(key)) {
            ArrayNode required = schema.putArray("required");
            REQUIRED.get(key).forEach(required::add);
        }
        return schema.put("additionalProperties", false);
    }

    /** One head or a list of them; numbers beyond its keys are coefficients. */
    private ObjectNode heads() {
        ObjectNode head = section("head", HeadConfig.class);
        head.set("additionalProperties", object().put("type", "number"));
        ObjectNode list = object().put("type", "array").put("minItems", 1);
        list.set("items", head);
        return anyOf(head, list);
    }

    private ObjectNode value(String key, Class<?> type) {
        if (Schema.isSection(type)) {
            ObjectNode section = section(key, type);
            return Schema.OPTIONAL.containsKey(type) ? anyOf(section, word("none")) : section;
        }
        KeyTable.Entry entry = KeyTable.of(key);
        ObjectNode schema = described(entry, type);
        schema.put("description", entry.meaning());
        JsonNode standard = defaults.at("/" + key.replace('.', '/'));
        if (standard.isTextual() && !standard.asText().isEmpty()) {
            schema.set("default", typed(standard.asText(), type));
        }
        return schema;
    }

    private ObjectNode described(KeyTable.Entry entry, Class<?> type) {
        if (entry.key().equals("data.train")) {
            return sources(1, trainingKeys());
        }
        if (entry.key().equals("data.eval")) {
            return sources(0, Map.of("name", string()));
        }
        if (type == ListenAddress.class) {
            return anyOf(
                    string(), object().put("type", "integer").put("minimum", 0).put("maximum", 65_535));
        }
        if (List.class.isAssignableFrom(type)) {
            return anyOf(string(), list(string()));
        }
        if (type.isEnum()) {
            ObjectNode words = object();
            ArrayNode all = words.putArray("enum");
            for (Object constant : type.getEnumConstants()) {
                all.add(((Keyed) constant).key());
            }
            return words;
        }
        if (type == boolean.class) {
            return object().put("type", "boolean");
        }
        boolean whole = type == int.class
                || type == long.class
                || type == Limit.class
                || type == Interval.class
                || type == Threads.class;
        if (whole || type == double.class || type == NumberSetting.class) {
            return number(entry, whole ? "integer" : "number");
        }
        return string();
    }

    private static Map<String, ObjectNode> trainingKeys() {
        return Map.of(
                "weight", object().put("type", "number").put("exclusiveMinimum", 0),
                "limit", anyOf(object().put("type", "integer").put("minimum", 1), word("none")));
    }

    /** A path, or a mapping of a path and more keys, or a list of at least so many of these. */
    private static ObjectNode sources(int least, Map<String, ObjectNode> more) {
        ObjectNode source = object().put("type", "object");
        ObjectNode properties = source.putObject("properties");
        properties.set("path", string());
        new TreeMap<>(more).forEach(properties::set);
        source.putArray("required").add("path");
        source.put("additionalProperties", false);
        ObjectNode one = anyOf(string(), source);
        return anyOf(string(), source, list(one).put("minItems", least));
    }

    private static ObjectNode number(KeyTable.Entry entry, String kind) {
        ObjectNode number = object().put("type", kind);
        KeyTable.Range range = entry.range();
        if (Double.isFinite(range.low())) {
            boolean closed = range.lowEnd() == KeyTable.Range.End.CLOSED;
            number.set(closed ? "minimum" : "exclusiveMinimum", plain(range.low()));
        }
        if (Double.isFinite(range.high())) {
            boolean closed = range.highEnd() == KeyTable.Range.End.CLOSED;
            number.set(closed ? "maximum" : "exclusiveMaximum", plain(range.high()));
        }
        ObjectNode[] choices = new ObjectNode[1 + entry.words().size()];
        choices[0] = number;
        for (int i = 1; i < choices.length; i++) {
            choices[i] = word(entry.words().get(i - 1));
        }
        return choices.length == 1 ? number : anyOf(choices);
    }

    private static JsonNode plain(double value) {
        return value == Math.rint(value)
                ? JsonNodeFactory.instance.numberNode((long) value)
                : JsonNodeFactory.instance.numberNode(value);
    }

    private static JsonNode typed(String text, Class<?> type) {
        if (type == boolean.class) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        }
        return Numbers.isNumber(text) ? plain(Double.parseDouble(text)) : JsonNodeFactory.instance.textNode(text);
    }

    private static ObjectNode string() {
        return object().put("type", "string");
    }

    private static ObjectNode word(String word) {
        return object().put("const", word);
    }

    private static ObjectNode list(ObjectNode items) {
        ObjectNode list = object().put("type", "array");
        list.set("items", items);
        return list;
    }

    private static ObjectNode anyOf(ObjectNode... choices) {
        ObjectNode any = object();
        any.putArray("anyOf").addAll(List.of(choices));
        return any;
    }
}
