package org.dilort.model.gemma2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dilort.model.Architectures;
import org.dilort.model.ConfigJson;
import org.dilort.model.Parameter;
import org.dilort.model.SoftCap;
import org.dilort.model.Window;
import org.dilort.testing.Configs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gemma2Test {
    private static ConfigJson config(String changes) {
        return Configs.of("""
                {"model_type": "gemma2", "hidden_size": 8, "num_attention_heads": 2, "num_key_value_heads": 1,
                 "num_hidden_layers": 1, "intermediate_size": 12, "vocab_size": 10, "head_dim": 6}
                """, changes);
    }

    @Test
    void everyHalfHasANormBeforeAndBehindThatBeginsWithZeros() {
        assertThat(Architectures.of(config("{}")).parameters())
                .filteredOn(parameter -> parameter.name().contains("norm"))
                .extracting(Parameter::name, Parameter::beginning)
                .extracting(Object::toString)
                .containsExactly(
                        "(\"model.layers.0.input_layernorm.weight\", ZEROS)",
                        "(\"model.layers.0.post_attention_layernorm.weight\", ZEROS)",
                        "(\"model.layers.0.pre_feedforward_layernorm.weight\", ZEROS)",
                        "(\"model.layers.0.post_feedforward_layernorm.weight\", ZEROS)",
                        "(\"model.norm.weight\", ZEROS)");
    }

    @Test
    void windowsAlternateBeginningWithOne() {
        assertThat(Gemma2.windows(config("{\"sliding_window\": 5}"), 3))
                .containsExactly(new Window(5), Window.UNBOUNDED, new Window(5));
    }

    @Test
    void defaultsAreThoseOfHuggingFace() {
        assertThat(Gemma2.windows(config("{}"), 1)).containsExactly(new Window(4096));
        assertThat(Architectures.of(config("{\"head_dim\": null}")).size().headSize())
                .isEqualTo(256);
        assertThat(Architectures.of(config("{}")).size().maxPositions()).isEqualTo(8192);
        assertThat(Architectures.of(config("{}")).parameters())
                .noneMatch(parameter -> parameter.name().contains("lm_head"));
    }

    /** Absent is the family's own bound, null is none. */
    @Test
    void aCapMayBeSwitchedOff() {
        SoftCap own = new SoftCap(50);
        assertThat(GemmaParts.cap(config("{}"), "attn_logit_softcapping", own)).isEqualTo(own);
        assertThat(GemmaParts.cap(config("{\"attn_logit_softcapping\": null}"), "attn_logit_softcapping", own))
                .isEqualTo(SoftCap.NONE);
        assertThat(GemmaParts.cap(config("{\"attn_logit_softcapping\": 2}"), "attn_logit_softcapping", own))
                .isEqualTo(new SoftCap(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"use_bidirectional_attention": true} | use_bidirectional_attention: got true, expected false
                    {"sliding_window": null}              | sliding_window: got null, expected a whole number >= 1
                    {"final_logit_softcapping": 0}        | final_logit_softcapping: got 0, expected a number > 0
                    {"query_pre_attn_scalar": -1}         | query_pre_attn_scalar: got -1, expected a number > 0
                    """)
    void mistakesAreOneLineWithTheirKey(String changes, String message) {
        assertThatThrownBy(() -> Architectures.of(config(changes))).hasMessage(message + " (model/config.json)");
    }
}
