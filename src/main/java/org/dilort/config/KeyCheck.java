package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dilort.error.ConfigException;
import org.dilort.error.Nearest;

/**
 * Finds unknown keys, missing ones and sections that are none, before values are looked at: a misspelt key would
 * otherwise be reported as the absence of the right one.
 */
final class KeyCheck {
    private static final Map<String, String> REQUIRED = Map.of(
            "model.path", "the folder of a Hugging Face model",
            "data.train", "a preference file or folder, or a list of them",
            "output", "the folder of the results",
            "model.lora.rank", "a whole number >= 1, or model.lora.adapter",
            "eval.generate.answer_pattern", "a regular expression with a group",
            "eval.best.metric", "the name of a metric, such as accuracy or loss",
            "log.mlflow.url", MlflowConfig.URL_EXPECTED);

    /** Lists whose entries are paths or mappings. */
    private static final Map<String, Source> SOURCES = Map.of(
            "data.train", new Source(DataSource.class, DataSource.EXPECTED),
            "data.eval", new Source(EvalSource.class, EvalSource.EXPECTED));

    private record Source(Class<?> type, String expected) {}

    private final ConfigTree tree;

    KeyCheck(ConfigTree tree) {
        this.tree = tree;
    }

    void check() {
        checkSection("", Config.class, tree.root());
        for (String key : List.of("model.path", "data.train", "output")) {
            requireKey(key);
        }
    }

    private void checkSection(String section, Class<?> type, JsonNode node) {
        if (!(node instanceof ObjectNode mapping)) {
            throw tree.wrong(section, ConfigTree.describe(node), "a mapping of keys");
        }
        Map<String, Class<?>> known = Schema.keys(type);
        mapping.fieldNames().forEachRemaining(name -> {
            if (!known.containsKey(name) && !isCoefficient(type, mapping.get(name))) {
                throw unknown(section, name, type, mapping.get(name));
            }
        });
        known.forEach((name, keyType) -> {
            if (mapping.has(name)) {
                checkKey(ConfigTree.join(section, name), keyType, mapping.get(name));
            }
        });
    }

    private void checkKey(String key, Class<?> type, JsonNode value) {
        if (key.equals("head")) {
            checkHeads(value);
            return;
        }
        if (List.class.isAssignableFrom(type) && value.isNull()) {
            throw tree.wrong(key, ConfigTree.describe(value), "a list");
        }
        if (SOURCES.containsKey(key)) {
            checkSources(key, SOURCES.get(key), value);
        }
        boolean optional = Schema.OPTIONAL.containsKey(type);
        boolean absent = value.isNull() || optional && value.asText().equals("none");
        if (Schema.isSection(type) && !absent) {
            checkSection(key, type, value);
            if (optional) {
                requireOne(key, Schema.OPTIONAL.get(type));
            }
        }
    }

    private void checkHeads(JsonNode heads) {
        if (heads.isArray()) {
            for (int i = 0; i < heads.size(); i++) {
                checkSection("head." + i, HeadConfig.class, heads.get(i));
            }
        } else if (!heads.isNull()) {
            checkSection("head", HeadConfig.class, heads);
        }
    }

    private void checkSources(String list, Source source, JsonNode sources) {
        Iterable<JsonNode> entries = sources.isArray() ? sources : List.of(sources);
        int index = 0;
        for (JsonNode entry : entries) {
            String key = sources.isArray() ? ConfigTree.join(list, String.valueOf(index++)) : list;
            if (entry.isObject()) {
                checkSection(key, source.type(), entry);
                if (!entry.has("path")) {
                    throw missing(ConfigTree.join(key, "path"), "a file, a folder or a pattern");
                }
            } else if (!entry.isTextual()) {
                throw tree.wrong(key, ConfigTree.describe(entry), source.expected());
            }
        }
    }

    private static boolean isCoefficient(Class<?> section, JsonNode value) {
        return section == HeadConfig.class && value.isTextual() && Numbers.isNumber(value.asText());
    }

    private void requireOne(String section, List<String> names) {
        if (names.stream().noneMatch(name -> hasKey(ConfigTree.join(section, name)))) {
            requireKey(ConfigTree.join(section, names.get(0)));
        }
    }

    private boolean hasKey(String key) {
        JsonNode node = tree.root();
        for (String segment : ConfigTree.segments(key)) {
            node = node.path(segment);
        }
        return !node.isMissingNode();
    }

    private void requireKey(String key) {
        if (!hasKey(key)) {
            throw missing(key, String.valueOf(REQUIRED.get(key)));
        }
    }

    private ConfigException missing(String key, String expected) {
        return new ConfigException(key + ": missing, expected " + expected + " (" + tree.place(key) + ")");
    }

    private ConfigException unknown(String section, String name, Class<?> type, JsonNode value) {
        String key = ConfigTree.join(section, name);
        List<String> siblings = List.copyOf(Schema.keys(type).keySet());
        if (type == HeadConfig.class && Nearest.to(name, siblings).isEmpty()) {
            return tree.wrong(
                    ConfigTree.shorten(key), ConfigTree.describe(value), "a number: a coefficient of the head");
        }
        return new ConfigException("unknown key " + ConfigTree.shorten(key) + " (" + tree.place(key) + "); "
                + hint(section, name, siblings));
    }

    private static String hint(String section, String name, List<String> siblings) {
        Optional<String> sibling = Nearest.to(name, siblings);
        if (sibling.isPresent()) {
            return "did you mean " + ConfigTree.join(section, sibling.get()) + "?";
        }
        Optional<String> elsewhere = Schema.allKeys().stream()
                .filter(key -> key.equals(name) || key.endsWith("." + name))
                .findFirst();
        return elsewhere
                .map(key -> "did you mean " + key + "?")
                .orElseGet(() -> "known here: " + String.join(", ", siblings));
    }
}
