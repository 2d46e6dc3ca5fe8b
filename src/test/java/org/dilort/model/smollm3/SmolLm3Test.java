package org.dilort.model.smollm3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.model.Window;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmolLm3Test {
    private static final Window FIVE = new Window(5);
    private static final Window ALL = Window.UNBOUNDED;

    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "smollm3", "hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 3,
                 "intermediate_size": 12, "vocab_size": 10}
                """, changes);
    }

    @Test
    void positionsAreListedOrLackInEveryFourthLayer() {
        assertThat(SmolLm3.rotated(config("{\"no_rope_layers\": [0, 1, 1]}"), 3))
                .containsExactly(false, true, true);
        assertThat(SmolLm3.rotated(config("{\"no_rope_layer_interval\": 2}"), 5))
                .containsExactly(true, false, true, false, true);
        assertThat(SmolLm3.rotated(config("{}"), 5)).containsExactly(true, true, true, false, true);
    }

    @Test
    void layersWithoutPositionsSlideIfTheConfigurationLetsThem() {
        List<Boolean> rotated = List.of(true, false, true);
        assertThat(SmolLm3.windows(config("{\"sliding_window\": 5}"), rotated)).containsExactly(ALL, ALL, ALL);
        String used = "{\"sliding_window\": 5, \"use_sliding_window\": true}";
        assertThat(SmolLm3.windows(config(used), rotated)).containsExactly(ALL, FIVE, ALL);
        String listed = """
                {"sliding_window": 5, "layer_types": ["sliding_attention", "full_attention", "full_attention"]}
                """;
        assertThat(SmolLm3.windows(config(listed), rotated)).containsExactly(FIVE, ALL, ALL);
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(32768);
        assertThat(Architectures.of(config("{}")).parameters())
                .noneMatch(parameter -> parameter.name().contains("lm_head"))
                .noneMatch(parameter -> parameter.name().contains("bias"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"no_rope_layers": [1, 0]}    | no_rope_layers: got 2 numbers, expected num_hidden_layers = 3
                    {"no_rope_layers": [1, 0, 2]} | no_rope_layers: got [1,0,2], expected a list of 0 and 1
                    {"no_rope_layers": 1}         | no_rope_layers: got 1, expected a list of 0 and 1
                    {"no_rope_layer_interval": 0} | no_rope_layer_interval: got 0, expected a whole number >= 1
                    {"hidden_act": "relu2"}       | hidden_act: got "relu2", expected one of
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes)))
                .hasMessageStartingWith(message)
                .hasMessageEndingWith(" (model/config.json)");
    }
}
