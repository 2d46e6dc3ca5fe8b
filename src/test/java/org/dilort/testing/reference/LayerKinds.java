package org.dilort.testing.reference;

import com.fasterxml.jackson.databind.JsonNode;

/** Which layers see a window only, and which have no positions. */
record LayerKinds(ReferenceConfig config) {

    boolean slides(int layer) {
        JsonNode types = config.node("layer_types");
        if (types.isArray()) {
            return types.get(layer).textValue().equals("sliding_attention");
        }
        return switch (config.text("model_type", "")) {
            case "mistral", "phi3" -> true;
            case "qwen2", "qwen3" ->
                config.flag("use_sliding_window", false) && layer >= config.count("max_window_layers", 28);
            case "smollm3" -> config.flag("use_sliding_window", false) && !rotates(layer);
            case "gemma2" -> layer % 2 == 0;
            case "gemma3_text" -> (layer + 1) % config.count("sliding_window_pattern", 6) != 0;
            default -> false;
        };
    }

    /** Tokens that a token sees, itself included. */
    int window(int layer) {
        return slides(layer) ? config.count("sliding_window", Integer.MAX_VALUE) : Integer.MAX_VALUE;
    }

    boolean rotates(int layer) {
        if (!config.text("model_type", "").equals("smollm3")) {
            return true;
        }
        JsonNode listed = config.node("no_rope_layers");
        return listed.isArray()
                ? listed.get(layer).intValue() == 1
                : (layer + 1) % config.count("no_rope_layer_interval", 4) != 0;
    }
}
