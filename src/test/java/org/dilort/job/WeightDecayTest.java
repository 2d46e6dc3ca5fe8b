package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.model.Parameter;
import org.junit.jupiter.api.Test;

class WeightDecayTest {
    private static final List<Parameter> PARAMETERS = List.of(
            Parameter.matrix("model.embed_tokens.weight", 8, 4),
            Parameter.gain("model.layers.0.input_layernorm.weight", 4),
            Parameter.matrix("model.layers.0.self_attn.q_proj.weight", 4, 4),
            Parameter.offset("model.layers.0.self_attn.q_proj.bias", 4));

    private static List<String> decayed(String... exceptions) {
        return PARAMETERS.stream()
                .filter(WeightDecay.decayed(List.of(exceptions), PARAMETERS))
                .map(Parameter::name)
                .toList();
    }

    @Test
    void withoutExceptionsActsOnEverything() {
        assertThat(decayed()).hasSize(4);
    }

    @Test
    void normsAndBiasesAreWhatHasOneDimension() {
        assertThat(decayed("norms_and_biases"))
                .containsExactly("model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight");
    }

    @Test
    void patternsFindAPartOfTheNameAndAddUp() {
        assertThat(decayed("q_proj")).hasSize(2).allMatch(name -> !name.contains("q_proj"));
        assertThat(decayed("embed|norm", "\\.bias$")).containsExactly("model.layers.0.self_attn.q_proj.weight");
        assertThat(decayed("norms_and_biases", "embed")).containsExactly("model.layers.0.self_attn.q_proj.weight");
    }

    @Test
    void aModelMayHaveNoNormsAndBiases() {
        List<Parameter> matrices = List.of(PARAMETERS.get(0), PARAMETERS.get(2));
        assertThat(matrices).allMatch(WeightDecay.decayed(List.of("norms_and_biases"), matrices));
    }

    @Test
    void patternThatNamesNothingIsRefused() {
        assertThatThrownBy(() -> decayed("norms_and_bias"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("train.no_decay: got \"norms_and_bias\", which is found in none of the 4 parameters' names,"
                        + " such as model.embed_tokens.weight; did you mean norms_and_biases?");
        assertThatThrownBy(() -> decayed("LayerNorm"))
                .hasMessageEndingWith("; expected a regular expression that finds one, or norms_and_biases");
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThatThrownBy(() -> WeightDecay.check(List.of("norms_and_biases", "*norm")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("train.no_decay: got \"*norm\", expected a regular expression (Dangling meta");
    }
}
