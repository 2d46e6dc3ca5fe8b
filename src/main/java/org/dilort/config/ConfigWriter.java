package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dilort.files.DurableFiles;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** Writes a resolved configuration as YAML that {@link ConfigLoader} reads to an equal one. */
public final class ConfigWriter {
    private ConfigWriter() {}

    /** The configuration, a line a key, sections in the order of {@link Config}. */
    public static String toYaml(Config config) {
        DumperOptions options = options();
        return new Yaml(new TextRepresenter(options), options)
                .dump(Binder.MAPPER.convertValue(tree(config), Object.class));
    }

    /** Every key, dotted, with its value as text: {@code train.learning_rate}, {@code head.0.name}. */
    public static SortedMap<String, String> flat(Config config) {
        SortedMap<String, String> values = new TreeMap<>();
        flatten("", tree(config), values);
        return values;
    }

    private static void flatten(String key, JsonNode node, SortedMap<String, String> values) {
        boolean mappings = node.isArray() && node.size() > 0 && node.get(0).isObject();
        if (node.isObject()) {
            node.properties().forEach(entry -> flatten(ConfigTree.join(key, entry.getKey()), entry.getValue(), values));
        } else if (mappings) {
            for (int i = 0; i < node.size(); i++) {
                flatten(ConfigTree.join(key, Integer.toString(i)), node.get(i), values);
            }
        } else {
            values.put(key, node.isValueNode() ? node.asText() : node.toString());
        }
    }

    private static ObjectNode tree(Config config) {
        ObjectNode root = Binder.MAPPER.valueToTree(config);
        JsonNode heads = root.get("head");
        heads.forEach(head -> spreadCoefficients((ObjectNode) head));
        if (heads.size() == 1) {
            root.set("head", heads.get(0));
        }
        if (!config.model().lora().enabled()) {
            root.withObject("/model").remove("lora");
        }
        ObjectNode eval = root.withObject("/eval");
        if (!config.eval().generate().enabled()) {
            eval.remove("generate");
        }
        if (!config.eval().best().enabled()) {
            eval.remove("best");
        }
        if (eval.isEmpty()) {
            root.remove("eval");
        }
        if (!config.log().mlflow().enabled()) {
            root.withObject("/log").remove("mlflow");
        }
        return root;
    }

    /** Writes the file beside its place and moves it there; a reader sees the old file or the new one. */
    public static void write(Config config, Path file) throws IOException {
        DurableFiles.replace(file, toYaml(config).getBytes(StandardCharsets.UTF_8));
    }

    private static DumperOptions options() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setSplitLines(false);
        return options;
    }

    private static void spreadCoefficients(ObjectNode head) {
        JsonNode coefficients = head.remove("coefficients");
        coefficients.fieldNames().forEachRemaining(name -> head.set(name, coefficients.get(name)));
    }

    /** Writes texts plain or quoted, but never as a block, where some line breaks would come back as others. */
    private static final class TextRepresenter extends Representer {
        private TextRepresenter(DumperOptions options) {
            super(options);
            representers.put(String.class, text -> representScalar(Tag.STR, (String) text, style((String) text)));
        }

        private static DumperOptions.ScalarStyle style(String text) {
            boolean breaks = text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
            return breaks ? DumperOptions.ScalarStyle.DOUBLE_QUOTED : DumperOptions.ScalarStyle.PLAIN;
        }
    }
}
