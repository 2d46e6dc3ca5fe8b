package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.ConfigException;

/**
 * Puts {@code key=value} over a configuration. A value that starts like a YAML list, mapping or quoted text is read as
 * YAML, {@code null} and nothing at all are null, everything else is taken as it is.
 */
final class Overrides {
    private final ConfigTree tree;

    Overrides(ConfigTree tree) {
        this.tree = tree;
    }

    void apply(String override) {
        String name = "--set " + ConfigTree.shorten(override);
        int equals = override.indexOf('=');
        String key = override.substring(0, Math.max(0, equals)).strip();
        List<String> segments = ConfigTree.segments(key);
        if (equals < 0 || segments.stream().anyMatch(String::isBlank)) {
            throw new ConfigException(name + ": expected key=value, such as train.seed=1");
        }
        Map<String, String> places = new LinkedHashMap<>();
        JsonNode value = value(name, key, override.substring(equals + 1).strip(), places);
        String written = put(name, headAsWritten(name, segments), value);
        tree.places().keySet().removeIf(place -> place.equals(written) || place.startsWith(written + "."));
        tree.places().put(written, name);
        places.forEach((place, text) -> tree.places().put(written + place.substring(key.length()), text));
    }

    private static JsonNode value(String name, String key, String text, Map<String, String> places) {
        if (text.isEmpty() || text.equals("null") || text.equals("~")) {
            return JsonNodeFactory.instance.nullNode();
        }
        return "[{\"'".indexOf(text.charAt(0)) >= 0
                ? TreeReader.readValue(name, key, text, places)
                : JsonNodeFactory.instance.textNode(text);
    }

    /** Sets the value and returns its key as the tree has it. */
    private String put(String name, List<String> segments, JsonNode value) {
        JsonNode node = tree.root();
        String key = "";
        for (String segment : segments.subList(0, segments.size() - 1)) {
            key = ConfigTree.join(key, segment);
            node = node instanceof ArrayNode list
                    ? list.get(index(name, key, segment, list.size()))
                    : section(name, key, (ObjectNode) node, segment);
            if (!node.isContainerNode()) {
                throw new ConfigException("key " + key + " is a single value, not a section (" + name + ")");
            }
        }
        String last = segments.get(segments.size() - 1);
        key = ConfigTree.join(key, last);
        if (node instanceof ArrayNode list) {
            list.set(index(name, key, last, list.size()), value);
        } else {
            ((ObjectNode) node).set(last, value);
        }
        return key;
    }

    /** A single head goes by {@code head.beta} and by {@code head.0.beta}, whichever way the file has it. */
    private List<String> headAsWritten(String name, List<String> segments) {
        JsonNode head = tree.root().path("head");
        if (segments.size() < 2 || !segments.get(0).equals("head")) {
            return segments;
        }
        List<String> written = new ArrayList<>(segments);
        boolean index = isIndex(segments.get(1));
        if (index && !head.isArray()) {
            index(name, "head." + segments.get(1), segments.get(1), 1);
            written.remove(1);
        } else if (!index && head.isArray() && head.size() == 1) {
            written.add(1, "0");
        }
        return written;
    }

    private static boolean isIndex(String segment) {
        return segment.chars().allMatch(Character::isDigit);
    }

    private static int index(String name, String key, String segment, int size) {
        int index = segment.matches("[0-9]{1,9}") ? Integer.parseInt(segment) : -1;
        if (index < 0 || index >= size) {
            throw new ConfigException("key " + key + " does not exist: expected an index of a list, 0 to " + (size - 1)
                    + " (" + name + ")");
        }
        return index;
    }

    private JsonNode section(String name, String key, ObjectNode parent, String segment) {
        JsonNode child = parent.path(segment);
        if (child.isMissingNode() || child.isNull() || child.asText().equals("none")) {
            tree.places().put(key, name);
            return parent.putObject(segment);
        }
        return child;
    }
}
