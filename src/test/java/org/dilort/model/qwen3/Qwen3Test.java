package org.dilort.model.qwen3;

import static org.assertj.core.api.Assertions.assertThat;

import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;

class Qwen3Test {
    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "qwen3", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
                 "intermediate_size": 12, "vocab_size": 10, "num_key_value_heads": 1}
                """, changes);
    }

    @Test
    void headsAreWideWhateverTheModelsWidth() {
        assertThat(Architectures.of(config("{}")).size().headSize()).isEqualTo(128);
        assertThat(Architectures.of(config("{\"hidden_size\": 7, \"head_dim\": 6}"))
                        .size()
                        .headSize())
                .isEqualTo(6);
    }

    @Test
    void normsAreThoseOfOneHead() {
        CausalLm model = Architectures.of(config("{\"head_dim\": 6}"));
        assertThat(model.parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .filteredOn(name -> name.contains("self_attn"))
                .containsExactly(
                        "model.layers.0.self_attn.q_proj.weight[12, 8]",
                        "model.layers.0.self_attn.k_proj.weight[6, 8]",
                        "model.layers.0.self_attn.v_proj.weight[6, 8]",
                        "model.layers.0.self_attn.q_norm.weight[6]",
                        "model.layers.0.self_attn.k_norm.weight[6]",
                        "model.layers.0.self_attn.o_proj.weight[8, 12]");
    }

    @Test
    void biasesStandOnAllFourProjectionsOrNone() {
        assertThat(Architectures.of(config("{\"attention_bias\": true}")).parameters())
                .extracting(Parameter::name)
                .filteredOn(name -> name.endsWith(".bias"))
                .containsExactly(
                        "model.layers.0.self_attn.q_proj.bias",
                        "model.layers.0.self_attn.k_proj.bias",
                        "model.layers.0.self_attn.v_proj.bias",
                        "model.layers.0.self_attn.o_proj.bias");
        assertThat(Architectures.of(config("{}")).parameters())
                .noneMatch(parameter -> parameter.name().endsWith(".bias"));
    }
}
