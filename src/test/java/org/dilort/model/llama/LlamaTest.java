package org.dilort.model.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.dilort.error.FormatException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.model.blocks.Activation;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code config.json} may hold, and that each mistake in it is one line with key and file. */
class LlamaTest {
    private static final String SMALLEST = """
            {"model_type": "llama", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
             "intermediate_size": 12, "vocab_size": 10}
            """;

    /** The smallest configuration with {@code changes} over it; a null takes a key away. */
    private static ConfigJson config(String changes) {
        return Configs.of(SMALLEST, changes);
    }

    private static void assertRefused(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes)))
                .isInstanceOf(FormatException.class)
                .hasMessage(message + " (model/config.json)");
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        ModelSize size = new ModelSize(10, 8, 1, 2, 2, 4, 2048);
        assertThat(Architectures.of(config("{}")).size()).isEqualTo(size);
        assertThat(LlamaParts.Numbers.read(config("{}"), size, Activation.SILU))
                .isEqualTo(new LlamaParts.Numbers(size, 12, 1e-6, Activation.SILU, false, 0.02));
    }

    @Test
    void headSizeNeedNotFollowFromTheWidth() {
        ModelSize size = Architectures.of(config("{\"hidden_size\": 7, \"head_dim\": 6, \"num_key_value_heads\": 1}"))
                .size();
        assertThat(size.headSize()).isEqualTo(6);
        assertThat(size.keyValueHeads()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hidden_size", "num_attention_heads", "num_hidden_layers", "intermediate_size", "vocab_size"})
    void requiredKeysAreNamed(String key) {
        assertRefused("{\"" + key + "\": null}", key + ": got null, expected a whole number >= 1");
        assertRefused("{\"" + key + "\": 0}", key + ": got 0, expected a whole number >= 1");
        assertRefused("{\"" + key + "\": 2.0}", key + ": got 2.0, expected a whole number >= 1");
        assertRefused("{\"" + key + "\": \"8\"}", key + ": got \"8\", expected a whole number >= 1");
        assertRefused("{\"" + key + "\": 4294967304}", key + ": got 4294967304, expected a whole number >= 1");
    }

    @Test
    void absentKeyIsMissing() {
        ConfigJson empty = new ConfigJson(new ObjectMapper().createObjectNode().put("model_type", "llama"), "c");
        assertThatThrownBy(() -> Architectures.of(empty))
                .hasMessage("hidden_size: missing, expected a whole number >= 1 (c)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"model_type": "gpt9"}           | model_type: got "gpt9", expected one of [gemma2, gemma3_text, gpt2, gpt_neox, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3]
                    {"model_type": null}             | model_type: got null, expected one of [gemma2, gemma3_text, gpt2, gpt_neox, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3]
                    {"model_type": "a\\nb"}          | model_type: got "a\\nb", expected one of [gemma2, gemma3_text, gpt2, gpt_neox, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3]
                    {"model_type": 3}                | model_type: got 3, expected a text
                    {"num_key_value_heads": 3}       | num_attention_heads: got 2, expected a multiple of num_key_value_heads = 3
                    {"hidden_size": 9}               | hidden_size: got 9, expected a multiple of num_attention_heads = 2, or head_dim
                    {"hidden_size": 6}               | head_dim: got 3, expected an even number
                    {"head_dim": 5}                  | head_dim: got 5, expected an even number
                    {"head_dim": 2147483646}         | head_dim: got 2147483646 for 2 heads, expected at most 16777216 in all
                    {"hidden_act": "quick"}          | hidden_act: got "quick", expected one of [gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, silu, swish]
                    {"hidden_act": ["silu"]}         | hidden_act: got ["silu"], expected a text
                    {"attention_bias": "yes"}        | attention_bias: got "yes", expected true or false
                    {"mlp_bias": 1}                  | mlp_bias: got 1, expected true or false
                    {"tie_word_embeddings": 0}       | tie_word_embeddings: got 0, expected true or false
                    {"rms_norm_eps": 0}              | rms_norm_eps: got 0, expected a number > 0
                    {"rms_norm_eps": "1e-5"}         | rms_norm_eps: got "1e-5", expected a number > 0
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertRefused(changes, message);
    }

    @Test
    void longValuesAreCut() {
        assertThatThrownBy(() -> Architectures.of(config("{\"model_type\": \"" + "x".repeat(5000) + "\"}")))
                .hasMessageStartingWith("model_type: got \"xxx")
                .hasMessageContaining("x..., expected one of");
    }

    @Test
    void parametersCarryHuggingFacesNamesInTheOrderOfTheForwardPass() {
        CausalLm plain = Architectures.of(
                config("{\"tie_word_embeddings\": true, \"num_key_value_heads\": 1, \"head_dim\": 6}"));
        assertThat(plain.parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .containsExactly(
                        "model.embed_tokens.weight[10, 8]",
                        "model.layers.0.input_layernorm.weight[8]",
                        "model.layers.0.self_attn.q_proj.weight[12, 8]",
                        "model.layers.0.self_attn.k_proj.weight[6, 8]",
                        "model.layers.0.self_attn.v_proj.weight[6, 8]",
                        "model.layers.0.self_attn.o_proj.weight[8, 12]",
                        "model.layers.0.post_attention_layernorm.weight[8]",
                        "model.layers.0.mlp.gate_proj.weight[12, 8]",
                        "model.layers.0.mlp.up_proj.weight[12, 8]",
                        "model.layers.0.mlp.down_proj.weight[8, 12]",
                        "model.norm.weight[8]");
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(Parameter::name)
                .contains("lm_head.weight")
                .doesNotHaveDuplicates();
    }

    @Test
    void biasesStandWhereTheConfigurationSaysSo() {
        CausalLm biased = Architectures.of(config("{\"attention_bias\": true, \"mlp_bias\": true}"));
        assertThat(biased.parameters().stream()
                        .filter(parameter -> parameter.name().endsWith(".bias")))
                .hasSize(7)
                .allMatch(parameter -> parameter.beginning() == Parameter.Beginning.ZEROS);
        assertThat(Architectures.of(config("{\"attention_bias\": true}")).parameters())
                .extracting(Parameter::name)
                .contains("model.layers.0.self_attn.o_proj.bias")
                .doesNotContain("model.layers.0.mlp.up_proj.bias");
    }
}
