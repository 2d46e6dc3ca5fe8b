package org.dilort.testing.reference;

import java.util.function.DoubleUnaryOperator;

/**
 * The families with RMS norms, rotary positions and gated MLPs: Llama, Mistral, Qwen2 and 3, SmolLM3, Phi-3, Gemma 2
 * and 3, OLMo 2. What tells them apart is in {@link #layer}.
 */
final class RotaryFamilies {
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    private final ReferenceConfig config;
    private final Checkpoint weights;
    private final Projections projections;
    private final int length;
    private final String type;
    private final int width;
    private final int heads;
    private final int keyValueHeads;
    private final int headSize;

    RotaryFamilies(ReferenceConfig config, Checkpoint weights, int length) {
        this.config = config;
        this.weights = weights;
        this.projections = new Projections(weights);
        this.length = length;
        this.type = config.text("model_type", "");
        this.width = config.count("hidden_size");
        this.heads = config.count("num_attention_heads");
        this.keyValueHeads = config.count("num_key_value_heads", heads);
        this.headSize = config.count("head_dim", width / heads);
    }

    Family family() {
        String table = "model.embed_tokens";
        double[][] rows = weights.matrix(table + ".weight", config.count("vocab_size"), width);
        double scale = isGemma() ? Math.sqrt(width) : 1;
        return new Family(
                (token, position) -> Part.elementwise(v -> v * scale).apply(new double[][] {rows[token]})[0],
                Family.layers(config.count("num_hidden_layers"), this::layer).then(norm("model.norm", width)),
                projections.linear(
                        config.flag("tie_word_embeddings", isGemma()) ? table : "lm_head", rows.length, width),
                cap("final_logit_softcapping", type.equals("gemma2") ? 30 : Double.POSITIVE_INFINITY));
    }

    private Part layer(int index) {
        String prefix = "model.layers." + index + ".";
        Part attention = attention(prefix + "self_attn.", index);
        Part mlp = mlp(prefix + "mlp.");
        Part afterAttention = norm(prefix + "post_attention_layernorm", width);
        if (type.equals("olmo2")) {
            return Part.residual(attention, afterAttention)
                    .then(Part.residual(mlp, norm(prefix + "post_feedforward_layernorm", width)));
        }
        Part beforeAttention = norm(prefix + "input_layernorm", width);
        if (isGemma()) {
            return Part.residual(beforeAttention, attention, afterAttention)
                    .then(Part.residual(
                            norm(prefix + "pre_feedforward_layernorm", width),
                            mlp,
                            norm(prefix + "post_feedforward_layernorm", width)));
        }
        return Part.residual(beforeAttention, attention).then(Part.residual(afterAttention, mlp));
    }

    private Part attention(String prefix, int layer) {
        int queries = heads * headSize;
        int keys = keyValueHeads * headSize;
        CausalAttention attention = type.equals("phi3")
                ? fused(projections.linear(prefix + "qkv_proj", queries + 2 * keys, width), queries, keys, layer)
                : separate(prefix, queries, keys, layer);
        Bias bias = Bias.when(hasAttentionBias() && !type.equals("qwen2"));
        return scored(attention)
                .withWindow(new LayerKinds(config).window(layer))
                .then(projections.linear(prefix + "o_proj", width, queries, bias));
    }

    private CausalAttention fused(Part all, int queries, int keys, int layer) {
        return CausalAttention.plain(
                Projections.columns(all, 0, queries),
                Projections.columns(all, queries, keys),
                Projections.columns(all, queries + keys, keys),
                heads,
                keyValueHeads,
                headSize,
                rope(layer));
    }

    private CausalAttention separate(String prefix, int queries, int keys, int layer) {
        Bias bias = Bias.when(hasAttentionBias());
        return CausalAttention.plain(
                projections.linear(prefix + "q_proj", queries, width, bias).then(headNorm(prefix + "q_norm", queries)),
                projections.linear(prefix + "k_proj", keys, width, bias).then(headNorm(prefix + "k_norm", keys)),
                projections.linear(prefix + "v_proj", keys, width, bias),
                heads,
                keyValueHeads,
                headSize,
                rope(layer));
    }

    private CausalAttention scored(CausalAttention attention) {
        if (!isGemma()) {
            return attention;
        }
        double scale = 1 / Math.sqrt(config.number("query_pre_attn_scalar", 256));
        // transformers' Gemma 3 has the key and does not use it
        double none = Double.POSITIVE_INFINITY;
        return attention.withScores(scale, type.equals("gemma2") ? cap("attn_logit_softcapping", 50) : none);
    }

    /** Of queries or keys: OLMo 2 over all heads together, Qwen3 and Gemma 3 each head on its own, the others none. */
    private Part headNorm(String name, int size) {
        return switch (type) {
            case "olmo2" -> norm(name, size);
            case "qwen3", "gemma3_text" -> Norms.perHead(norm(name, headSize), headSize);
            default -> x -> x;
        };
    }

    private Part mlp(String prefix) {
        int inner = config.count("intermediate_size");
        Bias bias = Bias.when(config.flag("mlp_bias", false));
        Part down = projections.linear(prefix + "down_proj", width, inner, bias);
        if (type.equals("phi3")) {
            Part both = projections.linear(prefix + "gate_up_proj", 2 * inner, width);
            return Projections.gated(
                    Projections.columns(both, 0, inner),
                    Projections.columns(both, inner, inner),
                    down,
                    Activations::silu);
        }
        DoubleUnaryOperator activation = isGemma() ? Activations::geluTanh : Activations::silu;
        return Projections.gated(
                projections.linear(prefix + "gate_proj", inner, width, bias),
                projections.linear(prefix + "up_proj", inner, width, bias),
                down,
                activation);
    }

    private Rope rope(int layer) {
        LayerKinds kinds = new LayerKinds(config);
        if (!kinds.rotates(layer)) {
            return Rope.none();
        }
        boolean local = type.equals("gemma3_text") && kinds.slides(layer);
        double theta = defaultTheta(local);
        RopeSettings settings = RopeSettings.of(config, local ? SLIDING : FULL, theta);
        boolean oldLocal = local && !config.has("rope_parameters");
        return Rope.of(oldLocal ? settings.withoutScaling(theta) : settings, config, headSize, length);
    }

    private double defaultTheta(boolean local) {
        return switch (type) {
            case "smollm3" -> 2e6;
            case "gemma3_text" -> local ? config.number("rope_local_base_freq", 1e4) : 1e6;
            default -> 1e4;
        };
    }

    private boolean hasAttentionBias() {
        return config.flag("attention_bias", type.equals("qwen2"));
    }

    private boolean isGemma() {
        return type.startsWith("gemma");
    }

    private double cap(String key, double defaultValue) {
        boolean off = config.node(key).isNull();
        return off ? Double.POSITIVE_INFINITY : config.number(key, defaultValue);
    }

    private Part norm(String name, int size) {
        double offset = isGemma() ? 1 : 0;
        double[] gain = weights.vector(name + ".weight", size, 1 - offset);
        double defaultEpsilon = type.equals("phi3") || type.equals("olmo2") ? 1e-5 : 1e-6;
        return Norms.rms(gain, offset, config.number("rms_norm_eps", defaultEpsilon));
    }
}
