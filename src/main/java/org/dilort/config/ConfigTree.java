package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dilort.error.ConfigException;

/**
 * A configuration before it is bound: every single value is a text or null, and every key knows where it was written.
 * Keys are dotted, with numbers for list entries: {@code head.0.beta}.
 *
 * @param name of the file
 * @param places key to "file line 7" or "--set key=value"
 */
record ConfigTree(String name, ObjectNode root, Map<String, String> places) {
    private static final int SHOWN = 60;

    static String join(String section, String key) {
        return section.isEmpty() || key.isEmpty() ? section + key : section + "." + key;
    }

    static List<String> segments(String key) {
        return Arrays.asList(key.split("\\.", -1));
    }

    /** Where the key was written, or the section around it, or just the file. */
    String place(String key) {
        for (String at = key; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
            if (places.containsKey(at)) {
                return places.get(at);
            }
        }
        return name;
    }

    /** The key as the user wrote it: without the index where one value stands for a list of one. */
    String written(String key) {
        JsonNode node = root;
        String written = "";
        for (String segment : segments(key)) {
            boolean index = !segment.isEmpty() && segment.chars().allMatch(Character::isDigit);
            if (index && !node.isArray()) {
                continue;
            }
            written = join(written, segment);
            node = index ? node.path(Integer.parseInt(segment)) : node.path(segment);
        }
        return written;
    }

    /** What was got, in words that fit an error; {@code otherwise} where the key has no value. */
    String got(String key, String otherwise) {
        JsonNode node = root;
        for (String segment : segments(key)) {
            node = node.isArray() ? node.path(Integer.parseInt(segment)) : node.path(segment);
        }
        return node.isMissingNode() ? otherwise : describe(node);
    }

    /** Reads a key of a section under the name that it has now. */
    void rename(String section, String older, String name) {
        if (!(root.path(section) instanceof ObjectNode mapping) || !mapping.has(older)) {
            return;
        }
        String key = join(section, name);
        String olderKey = join(section, older);
        if (mapping.has(name)) {
            throw new ConfigException(olderKey + ": an older name of " + key
                    + ", which is given too; expected one of them (" + place(olderKey) + ")");
        }
        mapping.set(name, mapping.remove(older));
        places.put(key, place(olderKey));
    }

    ConfigException wrong(String key, String got, String expected) {
        return new ConfigException(key + ": got " + got + ", expected " + expected + " (" + place(key) + ")");
    }

    static String describe(JsonNode node) {
        if (node.isNull()) {
            return "nothing";
        }
        if (node.isContainerNode()) {
            return (node.isEmpty() ? "an empty " : "a ") + (node.isArray() ? "list" : "mapping");
        }
        String text = node.asText();
        return Numbers.isNumber(text) ? text : '"' + shorten(text) + '"';
    }

    /** One line of bounded length without control characters. */
    static String shorten(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
