package org.dilort.model.olmo2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Olmo2Test {
    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "olmo2", "hidden_size": 8, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "num_hidden_layers": 1, "intermediate_size": 12, "vocab_size": 10}
                """, changes);
    }

    @Test
    void normsStandBehindAndOverAllHeads() {
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .filteredOn(name -> name.contains("norm"))
                .containsExactly(
                        "model.layers.0.self_attn.q_norm.weight[8]",
                        "model.layers.0.self_attn.k_norm.weight[4]",
                        "model.layers.0.post_attention_layernorm.weight[8]",
                        "model.layers.0.post_feedforward_layernorm.weight[8]",
                        "model.norm.weight[8]");
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(2048);
        assertThat(Architectures.of(config("{}")).parameters())
                .anyMatch(parameter -> parameter.name().equals("lm_head.weight"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"num_key_value_heads": 3} | num_attention_heads: got 4, expected a multiple of num_key_value_heads = 3
                    {"attention_bias": "no"}   | attention_bias: got "no", expected true or false
                    {"rms_norm_eps": 0}        | rms_norm_eps: got 0, expected a number > 0
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
