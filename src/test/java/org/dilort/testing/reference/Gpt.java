package org.dilort.testing.reference;

/** GPT-2 and GPT-NeoX: layer norms with biases, plain MLPs. */
final class Gpt {
    private Gpt() {}

    /** GPT-2: learned positions, weights stored input by output. */
    static Family gpt2(ReferenceConfig config, Checkpoint weights) {
        int width = config.count("n_embd");
        int heads = config.count("n_head");
        int inner = config.count("n_inner", 4 * width);
        double epsilon = config.number("layer_norm_epsilon", 1e-5);
        Projections projections = new Projections(weights);
        double[][] table = weights.matrix("transformer.wte.weight", config.count("vocab_size"), width);
        double[][] places = weights.matrix("transformer.wpe.weight", config.count("n_positions"), width);
        Part layers = Family.layers(config.count("n_layer"), index -> {
            String prefix = "transformer.h." + index + ".";
            Part fused = projections.transposed(prefix + "attn.c_attn", 3 * width, width);
            Part attention = CausalAttention.plain(
                    Projections.columns(fused, 0, width),
                    Projections.columns(fused, width, width),
                    Projections.columns(fused, 2 * width, width),
                    heads,
                    heads,
                    width / heads,
                    Rope.none());
            return Part.residual(
                            norm(weights, prefix + "ln_1", width, epsilon),
                            attention,
                            projections.transposed(prefix + "attn.c_proj", width, width))
                    .then(Part.residual(
                            norm(weights, prefix + "ln_2", width, epsilon),
                            projections.transposed(prefix + "mlp.c_fc", inner, width),
                            Part.elementwise(Activations::geluTanh),
                            projections.transposed(prefix + "mlp.c_proj", width, inner)));
        });
        return new Family(
                (token, position) -> Part.sum(new double[][] {table[token]}, new double[][] {places[position]})[0],
                layers.then(norm(weights, "transformer.ln_f", width, epsilon)),
                projections.linear("transformer.wte", table.length, width),
                Double.POSITIVE_INFINITY);
    }

    /** GPT-NeoX: rotary positions on a part of each head, query, key and value of a head side by side. */
    static Family neox(ReferenceConfig config, Checkpoint weights, int length) {
        int width = config.count("hidden_size");
        int inner = config.count("intermediate_size");
        int heads = config.count("num_attention_heads");
        int size = width / heads;
        double epsilon = config.number("layer_norm_eps", 1e-5);
        Bias bias = Bias.when(config.flag("attention_bias", true));
        Rope rope = Rope.of(neoxRope(config), config, size, length);
        Projections projections = new Projections(weights);
        Part layers = Family.layers(config.count("num_hidden_layers"), index -> {
            String prefix = "gpt_neox.layers." + index + ".";
            Part fused = projections.linear(prefix + "attention.query_key_value", 3 * width, width, bias);
            Part attention = CausalAttention.plain(
                    Projections.partOfEachHead(fused, 0, 3, heads, size),
                    Projections.partOfEachHead(fused, 1, 3, heads, size),
                    Projections.partOfEachHead(fused, 2, 3, heads, size),
                    heads,
                    heads,
                    size,
                    rope);
            Part attend = Part.chain(
                    norm(weights, prefix + "input_layernorm", width, epsilon),
                    attention,
                    projections.linear(prefix + "attention.dense", width, width, bias));
            Part mlp = Part.chain(
                    norm(weights, prefix + "post_attention_layernorm", width, epsilon),
                    projections.linear(prefix + "mlp.dense_h_to_4h", inner, width, Bias.ADDED),
                    Part.elementwise(Activations::gelu),
                    projections.linear(prefix + "mlp.dense_4h_to_h", width, inner, Bias.ADDED));
            return config.flag("use_parallel_residual", true)
                    ? x -> Part.sum(x, Part.sum(attend.apply(x), mlp.apply(x)))
                    : Part.residual(attend).then(Part.residual(mlp));
        });
        double[][] table = weights.matrix("gpt_neox.embed_in.weight", config.count("vocab_size"), width);
        String head = config.flag("tie_word_embeddings", false) ? "gpt_neox.embed_in" : "embed_out";
        return new Family(
                (token, position) -> table[token],
                layers.then(norm(weights, "gpt_neox.final_layer_norm", width, epsilon)),
                projections.linear(head, table.length, width),
                Double.POSITIVE_INFINITY);
    }

    private static RopeSettings neoxRope(ReferenceConfig config) {
        return config.has("rope_parameters")
                ? RopeSettings.of(config, "full_attention", 10000)
                : RopeSettings.of(config, "full_attention", config.number("rotary_emb_base", 10000))
                        .withShare(config.number("rotary_pct", 0.25));
    }

    private static Part norm(Checkpoint weights, String name, int width, double epsilon) {
        double[] gain = weights.vector(name + ".weight", width, 1);
        return Norms.layer(gain, weights.vector(name + ".bias", width, 0), epsilon);
    }
}
