package org.dilort.model.mistral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.model.ModelSize;
import org.dilort.model.Parameter;
import org.dilort.model.Window;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MistralTest {
    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "mistral", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
                 "intermediate_size": 12, "vocab_size": 10, "num_key_value_heads": 1}
                """, changes);
    }

    @Test
    void windowIsTheFirstReleasesUnlessItIsGiven() {
        assertThat(Mistral.window(config("{}"))).isEqualTo(new Window(4096));
        assertThat(Mistral.window(config("{\"sliding_window\": 5}"))).isEqualTo(new Window(5));
        assertThat(Mistral.window(config("{\"sliding_window\": null}"))).isEqualTo(Window.UNBOUNDED);
    }

    @Test
    void sizesAndNamesAreLlamas() {
        assertThat(Architectures.of(config("{}")).size()).isEqualTo(new ModelSize(10, 8, 1, 2, 1, 4, 131072));
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(Parameter::name)
                .contains("model.layers.0.self_attn.q_proj.weight", "lm_head.weight")
                .noneMatch(name -> name.endsWith(".bias"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"sliding_window": 0}     | sliding_window: got 0, expected a whole number >= 1
                    {"sliding_window": "4k"}  | sliding_window: got "4k", expected a whole number >= 1
                    {"hidden_act": "tanh"}    | hidden_act: got "tanh", expected one of [gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, silu, swish]
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
