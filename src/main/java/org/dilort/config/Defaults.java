package org.dilort.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fills every key that was left out; the keys without a default have been checked before. */
final class Defaults {
    private static final String VALUES =
            """
            model: {init: pretrained, compute: auto, lora: {adapter: new, rank: 0, alpha: 0, targets: [],
              rslora: false, dora: false, modules_to_save: [], dropout: 0, merge: true, quantize: none}}
            reference: {path: initial_policy}
            data:
              eval: []
              eval_split: none
              ranked_pairs: all
              chat_template: auto
              max_length: 1024
              max_prompt_length: none
              preset: default
            head: {name: lsif, weight: 1, preset: none, variant: auto, reduction: auto, beta: auto, exp_cap: auto}
            train:
              batch_pairs: 64
              micro_batch_tokens: 4096
              threads: all
              recompute: none
              epochs: 1
              max_steps: none
              learning_rate: 5e-7
              scheduler: cosine
              warmup_ratio: 0.1
              weight_decay: 0
              adam_beta1: 0.9
              adam_beta2: 0.999
              adam_epsilon: 1e-8
              max_grad_norm: 1.0
              no_decay: []
              optimizer: adamw
              sgd: {momentum: 0.9, nesterov: false}
              lion: {beta1: 0.9, beta2: 0.99}
              adafactor: {decay_rate: 0.8, epsilon: 1e-30, clip_threshold: 1.0}
              non_finite: skip
              seed: 42
              shuffle: true
              eval_every: none
              save_every: 500
              log_every: 10
              keep_checkpoints: 2
              resume: false
            eval:
              generate: {answer_pattern: "", max_new_tokens: %d, examples: %d, every_evaluation: false}
              best: {metric: "", goal: auto, min_delta: 0, patience: none, deliver: best}
            log: {tensorboard: false, prometheus: none, mlflow: {url: "", experiment: dil-ort, run: ""}}
            device: auto
            """.formatted(GenerateConfig.DEFAULT_NEW_TOKENS, GenerateConfig.DEFAULT_EXAMPLES);

    private Defaults() {}

    /** Of keys that have one whatever else is given. */
    static ObjectNode values() {
        return TreeReader.readFile("defaults", VALUES, false).root();
    }

    /** A copy in which every key is present. */
    static ObjectNode complete(ObjectNode given) {
        ObjectNode root = given.deepCopy();
        ObjectNode defaults = values();
        JsonNode head = defaults.remove("head");
        removeAbsent(root, Config.class);
        merge(root, defaults);
        completeHeads(root, (ObjectNode) head);
        completeSources((ObjectNode) root.get("data"));
        putIfAbsent(root, "reference", "cache", beside(root.path("output").asText(), "reference-cache"));
        putIfAbsent(root, "reference", "micro_batch_tokens", text(root, "train", "micro_batch_tokens"));
        putIfAbsent(root, "data", "cache", beside(root.path("output").asText(), "data-cache"));
        putIfAbsent(root, "train", "row_tokens", text(root, "data", "max_length"));
        return root;
    }

    /** A section of nothing, or an optional one that says none, is left out. */
    private static void removeAbsent(ObjectNode node, Class<?> section) {
        Schema.keys(section).forEach((name, type) -> {
            JsonNode value = node.path(name);
            boolean none = Schema.OPTIONAL.containsKey(type) && value.asText().equals("none");
            if (value.isNull() && (Schema.isSection(type) || name.equals("head")) || none) {
                node.remove(name);
            } else if (Schema.isSection(type) && value instanceof ObjectNode child) {
                removeAbsent(child, type);
            }
        });
    }

    private static void merge(ObjectNode into, ObjectNode defaults) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            JsonNode own = into.path(entry.getKey());
            if (own.isMissingNode()) {
                into.set(entry.getKey(), entry.getValue().deepCopy());
            } else if (own instanceof ObjectNode section && entry.getValue() instanceof ObjectNode values) {
                merge(section, values);
            }
        }
    }

    private static void completeHeads(ObjectNode root, ObjectNode defaults) {
        if (!root.has("head")) {
            root.putObject("head");
        }
        JsonNode heads = root.get("head");
        Iterable<JsonNode> entries = heads.isArray() ? heads : List.of(heads);
        for (JsonNode entry : entries) {
            ObjectNode head = (ObjectNode) entry;
            gatherCoefficients(head);
            merge(head, defaults);
        }
    }

    private static void completeSources(JsonNode sources, String defaults) {
        Iterable<JsonNode> entries = sources.isArray() ? sources : List.of(sources);
        for (JsonNode entry : entries) {
            if (entry instanceof ObjectNode source) {
                merge(source, TreeReader.readFile("defaults", defaults, false).root());
            }
        }
    }

    private static void completeSources(ObjectNode data) {
        completeSources(data.path("train"), "{weight: 1, limit: none}");
        completeSources(data.path("eval"), "{name: ''}");
        if (!data.has("truncation")) {
            data.put(
                    "truncation",
                    switch (data.path("preset").asText()) {
                        case "trl" -> "keep_start";
                        case "dil-authors", "dil_authors" -> "keep_end";
                        default -> "prompt_left";
                    });
        }
    }

    private static void gatherCoefficients(ObjectNode head) {
        List<String> names = new ArrayList<>();
        head.fieldNames().forEachRemaining(names::add);
        names.removeAll(Schema.keys(HeadConfig.class).keySet());
        List<JsonNode> values = names.stream().map(head::remove).toList();
        ObjectNode coefficients = head.putObject("coefficients");
        for (int i = 0; i < values.size(); i++) {
            coefficients.set(names.get(i), values.get(i));
        }
    }

    private static String text(ObjectNode root, String section, String key) {
        return root.path(section).path(key).asText();
    }

    private static void putIfAbsent(ObjectNode root, String section, String key, String value) {
        ObjectNode node = (ObjectNode) root.get(section);
        if (!node.has(key)) {
            node.put(key, value);
        }
    }

    private static String beside(String folder, String name) {
        try {
            return Path.of(folder).resolveSibling(name).toString();
        } catch (InvalidPathException e) {
            return name;
        }
    }
}
