package org.dilort.testing.reference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A {@code config.json} of a tiny model of a family, drawn from a seed: head counts and sizes, windows, biases, tied or
 * separate embeddings, and which of the two spellings of the rotary settings it has. Seeds in a row take the rotary kinds
 * in turn.
 */
public final class TinyConfigs {
    public static final List<String> FAMILIES = List.of(
            "gemma2",
            "gemma3_text",
            "gpt2",
            "gpt_neox",
            "llama",
            "mistral",
            "olmo2",
            "phi3",
            "qwen2",
            "qwen3",
            "smollm3");

    /** Sequences in tests are at most as long; half of the models are pre-trained with shorter ones. */
    public static final int LONGEST_SEQUENCE = 14;

    private static final List<String> KINDS = List.of("default", "linear", "dynamic", "llama3", "yarn", "longrope");

    private final SplittableRandom random;
    private final String kind;
    private final ObjectNode config = new ObjectMapper().createObjectNode();
    private final int heads;
    private final int headSize;
    private final int layers;

    private TinyConfigs(long seed) {
        this.random = new SplittableRandom(seed);
        this.kind = KINDS.get((int) Math.floorMod(seed, (long) KINDS.size()));
        this.heads = 2 << random.nextInt(2);
        this.headSize = 4 * (1 + random.nextInt(2));
        this.layers = 2 + random.nextInt(2);
    }

    public static ObjectNode of(String family, long seed) {
        TinyConfigs tiny = new TinyConfigs(seed);
        tiny.config.put("model_type", family);
        tiny.addSizes();
        switch (family) {
            case "llama" -> tiny.addLlama();
            case "gpt2" -> tiny.addGpt2();
            case "gpt_neox" -> tiny.addGptNeoX();
            case "mistral" -> tiny.addMistral();
            case "qwen2", "qwen3" -> tiny.addQwen(family);
            case "smollm3" -> tiny.addSmolLm3();
            case "phi3" -> tiny.addPhi3();
            case "gemma2" -> tiny.addGemma2();
            case "gemma3_text" -> tiny.addGemma3();
            case "olmo2" -> tiny.addOlmo2();
            default -> throw new IllegalArgumentException("no tiny configuration of " + family);
        }
        return tiny.config;
    }

    private void addSizes() {
        config.put("vocab_size", 19 + random.nextInt(20));
        config.put("hidden_size", heads * headSize);
        config.put("intermediate_size", 8 + random.nextInt(24));
        config.put("num_hidden_layers", layers);
        config.put("num_attention_heads", heads);
        config.put("num_key_value_heads", heads >> random.nextInt(2));
        config.put("max_position_embeddings", coin() ? LONGEST_SEQUENCE / 2 : 64);
        config.put("rms_norm_eps", coin() ? 1e-5 : 1e-3);
        config.put("tie_word_embeddings", coin());
    }

    private void addLlama() {
        config.put("head_dim", headSize + 4);
        config.put("attention_bias", coin());
        config.put("mlp_bias", coin());
        addRope(kind, headSize + 4);
    }

    private void addGpt2() {
        config.retain("model_type", "vocab_size");
        config.put("n_embd", heads * headSize);
        config.put("n_layer", layers);
        config.put("n_head", heads);
        config.put("n_positions", 64);
        config.put("layer_norm_epsilon", coin() ? 1e-5 : 1e-3);
        if (coin()) {
            config.put("n_inner", 8 + random.nextInt(24));
        }
    }

    private void addGptNeoX() {
        config.remove(List.of("num_key_value_heads", "rms_norm_eps"));
        config.put("layer_norm_eps", coin() ? 1e-5 : 1e-3);
        config.put("use_parallel_residual", coin());
        config.put("attention_bias", coin());
        config.put("hidden_act", "gelu");
        double share = coin() ? 0.5 : 1;
        double theta = coin() ? 10000 : 100;
        if (coin()) {
            config.putObject("rope_parameters")
                    .put("rope_type", "default")
                    .put("rope_theta", theta)
                    .put("partial_rotary_factor", share);
        } else {
            config.put("rotary_emb_base", theta).put("rotary_pct", share);
        }
    }

    private void addMistral() {
        config.put("head_dim", headSize + 4);
        config.put("sliding_window", window());
        addRope(kind, headSize + 4);
    }

    private void addQwen(String family) {
        boolean third = family.equals("qwen3");
        int size = third ? headSize + 4 : headSize;
        if (third) {
            config.put("head_dim", size);
            config.put("attention_bias", coin());
        }
        config.put("use_sliding_window", coin());
        config.put("sliding_window", window());
        config.put("max_window_layers", 1);
        addRope(kind, size);
    }

    private void addSmolLm3() {
        config.put("attention_bias", coin());
        config.put("mlp_bias", coin());
        if (coin()) {
            ArrayNode listed = config.putArray("no_rope_layers");
            for (int layer = 0; layer < layers; layer++) {
                listed.add(random.nextInt(2));
            }
        } else {
            config.put("no_rope_layer_interval", 2);
        }
        if (coin()) {
            config.put("use_sliding_window", true);
            config.put("sliding_window", window());
        }
        addRope(kind, headSize);
    }

    private void addPhi3() {
        if (coin()) {
            config.put("sliding_window", window());
        }
        double share = coin() ? 0.5 : 1;
        config.put("original_max_position_embeddings", coin() ? LONGEST_SEQUENCE / 2 : 32);
        config.put("max_position_embeddings", 64);
        addRope(coin() ? "default" : "longrope", (int) (share * headSize));
        ObjectNode place = config.has("rope_parameters") ? (ObjectNode) config.get("rope_parameters") : config;
        place.put("partial_rotary_factor", share);
    }

    private void addGemma2() {
        addGemma();
        config.put("attn_logit_softcapping", 1 + random.nextInt(3));
        config.put("final_logit_softcapping", 3 + random.nextInt(4));
        if (coin()) {
            addLayerTypes();
        }
        addRope("default", headSize + 4);
    }

    private void addGemma3() {
        addGemma();
        if (coin()) {
            addLayerTypes();
        } else {
            config.put("sliding_window_pattern", 2 + random.nextInt(2));
        }
        addRope(kind, headSize + 4);
        if (config.has("rope_parameters")) {
            ObjectNode global = (ObjectNode) config.get("rope_parameters");
            ObjectNode parameters = config.putObject("rope_parameters");
            parameters.set("full_attention", global);
            parameters
                    .putObject("sliding_attention")
                    .put("rope_type", "default")
                    .put("rope_theta", 50);
        } else {
            config.put("rope_local_base_freq", 50);
        }
    }

    private void addGemma() {
        config.put("head_dim", headSize + 4);
        config.put("attention_bias", coin());
        config.put("query_pre_attn_scalar", 5 + random.nextInt(20));
        config.put("sliding_window", window());
        config.put("hidden_activation", "gelu_pytorch_tanh");
        config.put("tie_word_embeddings", true);
    }

    private void addLayerTypes() {
        ArrayNode types = config.putArray("layer_types");
        for (int layer = 0; layer < layers; layer++) {
            types.add(coin() ? "sliding_attention" : "full_attention");
        }
    }

    private void addOlmo2() {
        config.put("attention_bias", coin());
        addRope(kind, headSize);
    }

    /** @param dimensions of a head that are rotated */
    private void addRope(String type, int dimensions) {
        double theta = coin() ? 10000 : 100;
        boolean newSpelling = coin();
        ObjectNode rope = config.putObject(newSpelling ? "rope_parameters" : "rope_scaling");
        rope.put(newSpelling || coin() ? "rope_type" : "type", type);
        (newSpelling ? rope : config).put("rope_theta", theta);
        int original = LONGEST_SEQUENCE / 2;
        switch (type) {
            case "linear", "dynamic" -> rope.put("factor", 4);
            case "llama3" ->
                rope.put("factor", 8)
                        .put("low_freq_factor", 1)
                        .put("high_freq_factor", 4)
                        .put("original_max_position_embeddings", original);
            case "yarn" ->
                rope.put("factor", 4)
                        .put("beta_fast", 4)
                        .put("beta_slow", 0.5)
                        .put("original_max_position_embeddings", original);
            case "longrope" -> addLongRope(rope, dimensions, original);
            default -> {}
        }
    }

    private void addLongRope(ObjectNode rope, int dimensions, int original) {
        for (String list : List.of("short_factor", "long_factor")) {
            ArrayNode factors = rope.putArray(list);
            for (int i = 0; i < dimensions / 2; i++) {
                factors.add(1 + random.nextInt(16) / 4.0);
            }
        }
        if (!config.has("original_max_position_embeddings")) {
            rope.put("original_max_position_embeddings", original);
            rope.put("factor", 4);
        }
    }

    private int window() {
        return 2 + random.nextInt(5);
    }

    private boolean coin() {
        return random.nextInt(2) == 0;
    }
}
