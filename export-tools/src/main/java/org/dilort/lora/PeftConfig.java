package org.dilort.lora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dilort.error.FormatException;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.ConfigJson;

/**
 * {@code adapter_config.json} as PEFT reads and writes it.
 *
 * <pre>
 * peft_type        "LORA"
 * r, lora_alpha    rank, and what the product is scaled by
 * use_rslora       alpha / sqrt(r) instead of alpha / r
 * use_dora         magnitudes
 * target_modules   a list of module names or of their ends after a dot; or one regular expression
 * modules_to_save  names of modules that are saved whole
 * fan_in_fan_out   true for weights that are stored [in, out]
 * </pre>
 *
 * <p>Keys that would change the numbers in a way that is not known here are refused, all others are ignored.
 *
 * @param targets the list; empty where the file has a regular expression, or leaves layers out
 */
record PeftConfig(LoraSettings settings, List<String> targets) {
    static final String FILE = "adapter_config.json";

    /** Keys that must be absent, null, false or empty. */
    private static final List<String> UNKNOWN = List.of(
            "rank_pattern",
            "alpha_pattern",
            "lora_bias",
            "layer_replication",
            "target_parameters",
            "trainable_token_indices",
            "use_qalora",
            "use_bdlora",
            "alora_invocation_tokens",
            "arrow_config",
            "kasa_config",
            "monteclora_config",
            "velora_config",
            "megatron_config");

    /** Ways to begin that leave the base as it is. */
    private static final Set<String> PLAIN_BEGINNINGS = Set.of("gaussian", "eva", "orthogonal");

    PeftConfig {
        targets = List.copyOf(targets);
    }

    static PeftConfig read(Path folder) {
        if (!Files.isRegularFile(folder.resolve(FILE))) {
            throw new FormatException(folder + ": no " + FILE + ", expected the folder of a PEFT adapter");
        }
        ConfigJson json = ConfigJson.readFile(folder.resolve(FILE));
        requireText(json, "peft_type", "LORA");
        requireText(json, "bias", "none");
        ObjectNode root = json.root();
        for (String key : UNKNOWN) {
            if (!isOff(root.path(key))) {
                throw json.unexpected(key, "none of it");
            }
        }
        JsonNode beginning = root.path("init_lora_weights");
        if (beginning.isTextual() && !PLAIN_BEGINNINGS.contains(beginning.textValue())) {
            throw json.unexpected("init_lora_weights", "a way to begin that does not change the base's weights");
        }
        Scaling scaling = json.flag("use_rslora", false) ? Scaling.BY_ROOT_OF_RANK : Scaling.BY_RANK;
        Kind kind = json.flag("use_dora", false) ? Kind.DORA : Kind.LORA;
        LoraSettings settings = new LoraSettings(json.count("r"), json.number("lora_alpha"), scaling, kind);
        boolean partial = !isOff(root.path("exclude_modules")) || !isOff(root.path("layers_to_transform"));
        return new PeftConfig(settings, partial ? List.of() : texts(root.path("target_modules")));
    }

    private static void requireText(ConfigJson json, String key, String expected) {
        if (!json.text(key, expected).equals(expected)) {
            throw json.unexpected(key, '"' + expected + '"');
        }
    }

    private static boolean isOff(JsonNode node) {
        boolean nothing = node.isMissingNode() || node.isNull();
        return nothing || node.isContainerNode() && node.isEmpty() || node.isBoolean() && !node.booleanValue();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(entry -> texts.add(entry.asText()));
        }
        return texts;
    }

    /** Whether {@code target_modules} asks for an adapter of this module. */
    boolean lists(String module) {
        return targets.stream().anyMatch(target -> module.equals(target) || module.endsWith("." + target));
    }

    /**
     * Fills in what PEFT needs to put these adapters into the model.
     *
     * @param layers of the model
     * @param modules that are saved whole
     * @param basePath where the model is
     */
    static void write(ObjectNode json, Adapters adapters, ModelLayers layers, Set<String> modules, String basePath) {
        LoraSettings settings = adapters.settings();
        json.put("peft_type", "LORA");
        json.put("task_type", "CAUSAL_LM");
        json.put("base_model_name_or_path", basePath);
        json.put("inference_mode", true);
        json.put("r", settings.rank());
        if (settings.alpha() == Math.rint(settings.alpha())) {
            json.put("lora_alpha", (long) settings.alpha());
        } else {
            json.put("lora_alpha", settings.alpha());
        }
        json.put("lora_dropout", 0.0);
        json.put("use_rslora", settings.scaling() == Scaling.BY_ROOT_OF_RANK);
        json.put("use_dora", settings.kind() == Kind.DORA);
        targets(adapters.byModule().keySet(), modules, layers).forEach(json.putArray("target_modules")::add);
        if (modules.isEmpty()) {
            json.putNull("modules_to_save");
        } else {
            modules.forEach(json.putArray("modules_to_save")::add);
        }
        json.put("fan_in_fan_out", adapters.storedTransposed());
        json.put("bias", "none");
        json.put("init_lora_weights", true);
    }

    /** The last parts of the names where these mean no other layer, as every reader knows them; else whole names. */
    private static Set<String> targets(Set<String> adapted, Set<String> whole, ModelLayers layers) {
        Set<String> ends = new TreeSet<>();
        adapted.forEach(module -> ends.add(end(module)));
        boolean exact = layers.linear().keySet().stream()
                .filter(module -> !whole.contains(module))
                .allMatch(module -> adapted.contains(module) == ends.contains(end(module)));
        return exact ? ends : adapted;
    }

    private static String end(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }
}
