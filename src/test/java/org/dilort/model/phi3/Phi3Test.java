package org.dilort.model.phi3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.model.RunLength;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Phi3Test {
    private static final String LONG = """
            {"original_max_position_embeddings": 16, "max_position_embeddings": 64, "rope_scaling":
             {"type": "su", "short_factor": [1, 2], "long_factor": [3, 4]}}
            """;

    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "phi3", "hidden_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "num_hidden_layers": 1, "intermediate_size": 12, "vocab_size": 10}
                """, changes);
    }

    @Test
    void projectionsAreFused() {
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .contains(
                        "model.layers.0.self_attn.qkv_proj.weight[32, 16]",
                        "model.layers.0.mlp.gate_up_proj.weight[24, 16]")
                .noneMatch(name -> name.contains("q_proj") || name.contains("up_proj.bias"));
    }

    /** Beyond the original context it is the long factors that count, within it the short ones, and the bound is its end. */
    @Test
    void factorsAreThoseOfTheRunsLength() {
        assertThat(Architectures.of(config(LONG), new RunLength(16)).size().maxPositions())
                .isEqualTo(16);
        assertThat(Architectures.of(config(LONG), new RunLength(17)).size().maxPositions())
                .isEqualTo(64);
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(4096);
        assertThat(Architectures.of(config("{}")).parameters())
                .anyMatch(parameter -> parameter.name().equals("lm_head.weight"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"sliding_window": 0} | sliding_window: got 0, expected a whole number >= 1
                    {"partial_rotary_factor": 1.5} | partial_rotary_factor: got 1.5 of heads of 4, expected at most 1 and an even number of dimensions
                    {"rope_scaling": {"type": "longrope", "short_factor": [1], "long_factor": [1, 1]}} | rope_scaling.short_factor: got 1 numbers, expected 2, one for each pair of dimensions
                    {"rope_scaling": {"type": "yarn", "short_factor": [1, 1], "long_factor": [1, 1]}} | rope_scaling.type: got "yarn", expected default or longrope
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
