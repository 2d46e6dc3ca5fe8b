package org.dilort.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.FormatException;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerWindowsTest {
    private static final Window FOUR = new Window(4);
    private static final Window ALL = Window.UNBOUNDED;

    private static List<Window> read(String json, Window sliding) {
        return LayerWindows.read(Configs.of(json), 3, sliding, layer -> layer % 2 == 1);
    }

    @Test
    void familysRuleHoldsWithoutAList() {
        assertThat(read("{}", FOUR)).containsExactly(ALL, FOUR, ALL);
        assertThat(read("{\"layer_types\": null}", ALL)).containsExactly(ALL, ALL, ALL);
    }

    @Test
    void listGoesFirst() {
        String json = "{\"layer_types\": [\"sliding_attention\", \"full_attention\", \"sliding_attention\"]}";
        assertThat(read(json, FOUR)).containsExactly(FOUR, ALL, FOUR);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"layer_types": "full_attention"}   | layer_types: got "full_attention", expected a list of texts
                    {"layer_types": [1, 2, 3]}          | layer_types: got [1,2,3], expected a list of texts
                    {"layer_types": ["full_attention"]} | layer_types: got 1 types, expected num_hidden_layers = 3
                    {"layer_types": ["full_attention", "full_attention", "linear"]} | layer_types: got "linear", expected full_attention or sliding_attention
                    """)
    void mistakesAreOneLineWithTheirKey(String json, String message) {
        assertThatThrownBy(() -> read(json, FOUR))
                .isInstanceOf(FormatException.class)
                .hasMessage(message + " (model/config.json)");
    }

    @Test
    void slidingLayersNeedAWindow() {
        String json = "{\"layer_types\": [\"full_attention\", \"full_attention\", \"sliding_attention\"]}";
        assertThatThrownBy(() -> read(json, ALL))
                .hasMessage("sliding_window: not set, expected a whole number >= 1 for layer_types with"
                        + " sliding_attention (model/config.json)");
    }

    @Test
    void windowOfNothingIsRefused() {
        assertThatThrownBy(() -> new Window(0)).hasMessage("window of 0 tokens, expected at least 1");
    }
}
