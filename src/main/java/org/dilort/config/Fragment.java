package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A piece of a configuration as {@code key=value} settings, one for each key that has no keys in it. */
final class Fragment {
    private Fragment() {}

    static List<String> settings(ObjectNode mapping) {
        List<String> settings = new ArrayList<>();
        walk("", mapping, (key, value) -> settings.add(key + "=" + text(value)));
        return settings;
    }

    /**
     * Settings of which one of each list is to be chosen.
     *
     * @throws org.dilort.error.ConfigException for a key without a list of values
     */
    static List<List<String>> axes(ObjectNode mapping, ConfigTree tree) {
        List<List<String>> axes = new ArrayList<>();
        walk("", mapping, (key, values) -> {
            if (!values.isArray() || values.isEmpty()) {
                String place = ConfigTree.join("grid", key);
                throw tree.wrong(place, ConfigTree.describe(values), "a list of values, such as [0.1, 1.0]");
            }
            List<String> axis = new ArrayList<>();
            values.forEach(value -> axis.add(key + "=" + text(value)));
            axes.add(axis);
        });
        return axes;
    }

    /** The settings as people call them: {@code beta=0.1, learning_rate=5e-5}. */
    static String shortNames(List<String> settings) {
        return settings.stream()
                .map(setting -> setting.substring(setting.lastIndexOf('.', setting.indexOf('=')) + 1))
                .map(ConfigTree::shorten)
                .collect(Collectors.joining(", "));
    }

    private interface Leaf {
        void at(String key, JsonNode value);
    }

    private static void walk(String section, ObjectNode mapping, Leaf leaf) {
        mapping.properties().forEach(entry -> {
            String key = ConfigTree.join(section, entry.getKey());
            if (entry.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
                walk(key, inner, leaf);
            } else {
                leaf.at(key, entry.getValue());
            }
        });
    }

    /** As {@code --set} takes it: what would be read as YAML there is quoted. */
    private static String text(JsonNode value) {
        boolean plain = value.isTextual()
                && !value.asText().isEmpty()
                && "[{\"'".indexOf(value.asText().charAt(0)) < 0;
        return plain ? value.asText() : value.toString();
    }
}
