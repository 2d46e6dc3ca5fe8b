package org.dilort.model.qwen2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.Window;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Qwen2Test {
    private static final Window FIVE = new Window(5);
    private static final Window ALL = Window.UNBOUNDED;

    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "qwen2", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 3,
                 "intermediate_size": 12, "vocab_size": 10, "num_key_value_heads": 1}
                """, changes);
    }

    /** Published files set a window that their use_sliding_window switches off. */
    @Test
    void windowIsOffUnlessItIsSwitchedOn() {
        String off = "{\"sliding_window\": 5, \"max_window_layers\": 0}";
        assertThat(Qwen2.windows(config(off), 3)).containsExactly(ALL, ALL, ALL);
        String on = "{\"sliding_window\": 5, \"max_window_layers\": 1, \"use_sliding_window\": true}";
        assertThat(Qwen2.windows(config(on), 3)).containsExactly(ALL, FIVE, FIVE);
        String none = "{\"sliding_window\": null, \"max_window_layers\": 0, \"use_sliding_window\": true}";
        assertThat(Qwen2.windows(config(none), 3)).containsExactly(ALL, ALL, ALL);
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Qwen2.windows(config("{\"use_sliding_window\": true}"), 3)).containsExactly(ALL, ALL, ALL);
        assertThat(Qwen2.windows(config("{\"use_sliding_window\": true, \"max_window_layers\": 2}"), 3))
                .containsExactly(ALL, ALL, new Window(4096));
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(32768);
    }

    @Test
    void biasesStandOnQueriesKeysAndValues() {
        assertThat(Architectures.of(config("{}")).parameters())
                .extracting(parameter -> parameter.name() + parameter.shape())
                .filteredOn(name -> name.startsWith("model.layers.2.") && name.contains("bias"))
                .containsExactly(
                        "model.layers.2.self_attn.q_proj.bias[8]",
                        "model.layers.2.self_attn.k_proj.bias[4]",
                        "model.layers.2.self_attn.v_proj.bias[4]");
        assertThat(Architectures.of(config("{}")).parameters())
                .filteredOn(parameter -> parameter.name().endsWith(".bias"))
                .hasSize(9)
                .extracting(Parameter::beginning)
                .containsOnly(Parameter.Beginning.ZEROS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"max_window_layers": -1}   | max_window_layers: got -1, expected a whole number >= 0
                    {"use_sliding_window": 1}   | use_sliding_window: got 1, expected true or false
                    {"use_sliding_window": true, "sliding_window": 0} | sliding_window: got 0, expected a whole number >= 1
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
