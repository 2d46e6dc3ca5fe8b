package org.dilort.model.llama;

import com.fasterxml.jackson.databind.JsonNode;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.RotaryScaling;

/** The numbers of a Llama, from {@code config.json} as Hugging Face writes it. */
record LlamaConfig(
        ModelSize size,
        int intermediate,
        double normEpsilon,
        double ropeTheta,
        RotaryScaling ropeScaling,
        boolean tiedEmbeddings,
        boolean attentionBias,
        boolean mlpBias,
        double initializerRange) {

    static LlamaConfig parse(ConfigJson json) {
        int hidden = json.count("hidden_size");
        int heads = json.count("num_attention_heads");
        int keyValueHeads = json.count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw json.failure(
                    "num_attention_heads",
                    "got " + heads + ", expected a multiple of num_key_value_heads " + keyValueHeads);
        }
        int headSize = json.count("head_dim", Math.max(1, hidden / heads));
        if (headSize % 2 != 0) {
            throw json.failure("head_dim", "got " + headSize + ", expected an even number");
        }
        String activation = json.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw json.failure("hidden_act", "got \"" + activation + "\", expected \"silu\"");
        }
        ModelSize size = new ModelSize(
                json.count("vocab_size"),
                hidden,
                json.count("num_hidden_layers"),
                heads,
                keyValueHeads,
                headSize,
                json.count("max_position_embeddings", 2048));
        JsonNode rope = json.object("rope_parameters");
        double theta = json.number("rope_theta", rope.path("rope_theta").asDouble(10000));
        return new LlamaConfig(
                size,
                json.count("intermediate_size"),
                json.number("rms_norm_eps", 1e-6),
                theta,
                scaling(json, rope.has("rope_type") ? rope : json.object("rope_scaling")),
                json.flag("tie_word_embeddings", false),
                json.flag("attention_bias", false),
                json.flag("mlp_bias", false),
                json.number("initializer_range", 0.02));
    }

    private static RotaryScaling scaling(ConfigJson json, JsonNode rope) {
        String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
        return switch (type) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(required(json, rope, "factor"));
            case "llama3" ->
                new RotaryScaling.Llama3(
                        required(json, rope, "factor"),
                        required(json, rope, "low_freq_factor"),
                        required(json, rope, "high_freq_factor"),
                        required(json, rope, "original_max_position_embeddings"));
            default ->
                throw json.failure("rope_scaling", "got type \"" + type + "\", expected default, linear or llama3");
        };
    }

    private static double required(ConfigJson json, JsonNode rope, String key) {
        if (!rope.path(key).isNumber() || !(rope.path(key).asDouble() > 0)) {
            throw json.failure("rope_scaling." + key, "got " + rope.path(key) + ", expected a number > 0");
        }
        return rope.path(key).asDouble();
    }
}
