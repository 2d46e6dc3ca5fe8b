package org.dilort.model.gemma3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gemma3Test {
    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "gemma3_text", "hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "num_hidden_layers": 1, "intermediate_size": 12, "vocab_size": 10, "head_dim": 6}
                """, changes);
    }

    @Test
    void eachHeadOfQueriesAndKeysHasANorm() {
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .contains("model.layers.0.self_attn.q_norm.weight[6]", "model.layers.0.self_attn.k_norm.weight[6]");
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Architectures.of(config("{\"head_dim\": null}")).size().headSize())
                .isEqualTo(256);
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(131_072);
        assertThat(Architectures.of(config("{}")).parameters())
                .noneMatch(parameter -> parameter.name().contains("lm_head"));
    }

    /** The pattern of the published files counts to 6; transformers 5 lists the layers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"sliding_window": null} | sliding_window: got null, expected a whole number >= 1
                    {"sliding_window_pattern": 0} | sliding_window_pattern: got 0, expected a whole number >= 1
                    {"layer_types": ["linear_attention"]} | layer_types: got "linear_attention", expected full_attention or sliding_attention
                    {"rope_local_base_freq": 0} | rope_local_base_freq: got 0, expected a number > 0
                    {"rope_parameters": {"sliding_attention": {"rope_type": "ntk"}}} | rope_parameters.sliding_attention.rope_type: got "ntk", expected one of [default, dynamic, linear, llama3, longrope, yarn]
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
