package org.dilort.model.llama;

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
    /** More than any model's width; keeps products of sizes within an int. */
    private static final int WIDEST = 1 << 24;

    static LlamaConfig parse(ConfigJson json) {
        int hidden = json.count("hidden_size");
        int heads = json.count("num_attention_heads");
        int keyValueHeads = json.count("num_key_value_heads", heads);
        if (heads % keyValueHeads != 0) {
            throw json.unexpected("num_attention_heads", "a multiple of num_key_value_heads = " + keyValueHeads);
        }
        if (!json.text("hidden_act", "silu").equals("silu")) {
            throw json.unexpected("hidden_act", "\"silu\"");
        }
        ModelSize size = new ModelSize(
                json.count("vocab_size"),
                hidden,
                json.count("num_hidden_layers"),
                heads,
                keyValueHeads,
                headSize(json, hidden, heads),
                json.count("max_position_embeddings", 2048));
        ConfigJson rope = json.section("rope_parameters");
        double theta = json.number("rope_theta", rope.number("rope_theta", 10000));
        return new LlamaConfig(
                size,
                json.count("intermediate_size"),
                json.number("rms_norm_eps", 1e-6),
                theta,
                scaling(rope.has("rope_type") ? rope : json.section("rope_scaling")),
                json.flag("tie_word_embeddings", false),
                json.flag("attention_bias", false),
                json.flag("mlp_bias", false),
                json.number("initializer_range", 0.02));
    }

    private static int headSize(ConfigJson json, int hidden, int heads) {
        if (!json.has("head_dim") && hidden % heads != 0) {
            throw json.unexpected("hidden_size", "a multiple of num_attention_heads = " + heads + ", or head_dim");
        }
        int headSize = json.count("head_dim", Math.max(1, hidden / heads));
        if (headSize % 2 != 0) {
            throw json.failure("head_dim", "got " + headSize + ", expected an even number");
        }
        if ((long) heads * headSize > WIDEST) {
            throw json.failure(
                    "head_dim", "got " + headSize + " for " + heads + " heads, expected at most " + WIDEST + " in all");
        }
        return headSize;
    }

    private static RotaryScaling scaling(ConfigJson rope) {
        String key = rope.has("rope_type") ? "rope_type" : "type";
        return switch (rope.text(key, "default")) {
            case "default" -> new RotaryScaling.None();
            case "linear" -> new RotaryScaling.Linear(rope.number("factor"));
            case "llama3" -> llama3(rope);
            default -> throw rope.unexpected(key, "default, linear or llama3");
        };
    }

    private static RotaryScaling llama3(ConfigJson rope) {
        double low = rope.number("low_freq_factor");
        double high = rope.number("high_freq_factor");
        if (high <= low) {
            throw rope.unexpected("high_freq_factor", "more than low_freq_factor = " + low);
        }
        return new RotaryScaling.Llama3(
                rope.number("factor"), low, high, rope.number("original_max_position_embeddings"));
    }
}
