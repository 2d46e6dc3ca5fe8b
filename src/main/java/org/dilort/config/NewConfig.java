package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A configuration to start from: every key with its default and its meaning, those that are seldom changed as comments. */
public final class NewConfig {
    private static final int COLUMN = 44;

    private final StringBuilder text = new StringBuilder();
    private final ObjectNode defaults = Defaults.values();
    private final Map<String, String> given;

    private NewConfig(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * @param file where it will stand, for its first line
     * @param given values by key, as YAML has them; with model.path, data.train and output it is complete
     */
    public static String text(String file, Map<String, String> given) {
        NewConfig config = new NewConfig(given);
        config.text.append("# ./dil-ort train --config ").append(file).append("\n");
        config.text.append("#\n# Keys behind a # have their default. dil-ort validate --config shows every key.\n");
        config.section("", Config.class, "", "");
        return config.text.toString();
    }

    private void section(String key, Class<?> type, String indent, String mark) {
        Schema.keys(type).forEach((name, keyType) -> {
            String inner = ConfigTree.join(key, name);
            Class<?> section = inner.equals("head") ? HeadConfig.class : keyType;
            if (!Schema.isSection(section)) {
                line(inner, name, indent, mark);
                return;
            }
            String innerMark = given.keySet().stream().anyMatch(set -> set.startsWith(inner + ".")) ? mark : "# ";
            text.append(indent.isEmpty() ? "\n" : "");
            text.append(innerMark).append(indent).append(name).append(":\n");
            section(inner, section, indent + "  ", innerMark);
        });
    }

    private void line(String key, String name, String indent, String mark) {
        boolean set = given.containsKey(key);
        String line = (set ? "" : "# ") + indent + name + ": " + given.getOrDefault(key, standard(key));
        text.append(key.contains(".") ? "" : "\n");
        text.append(line).append(" ".repeat(Math.max(1, COLUMN - line.length())));
        text.append("# ").append(KeyTable.of(key).meaning()).append('\n');
    }

    private String standard(String key) {
        JsonNode value = defaults.at("/" + key.replace('.', '/'));
        return value.isTextual() && !value.asText().isEmpty() ? value.asText() : value.isArray() ? "[]" : "...";
    }
}
