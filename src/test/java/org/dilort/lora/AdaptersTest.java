package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dilort.error.ConfigException;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Layout;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptersTest {
    private static final CausalLm TIED = GoldenModel.load("llama_gqa_tied").model();
    private static final CausalLm UNTIED = GoldenModel.load("llama_gqa_untied").model();

    private static Adapters choose(List<String> targets, String... modulesToSave) {
        LoraSettings settings = new LoraSettings(4, 8, Scaling.BY_RANK, Kind.LORA);
        return Adapters.choose(UNTIED, settings, targets, List.of(modulesToSave));
    }

    @Test
    void findsTheLinearLayersOfTheBlocksWithTheirSizes() {
        ModelLayers layers = ModelLayers.of(UNTIED);
        assertThat(layers.linear()).hasSize(14);
        assertThat(layers.linear().get("model.layers.1.self_attn.k_proj"))
                .isEqualTo(new LinearLayer("model.layers.1.self_attn.k_proj", 48, 24, Layout.OUT_IN));
        assertThat(layers.linear().get("model.layers.0.mlp.down_proj"))
                .isEqualTo(new LinearLayer("model.layers.0.mlp.down_proj", 96, 48, Layout.OUT_IN));
        assertThat(layers.head()).isEqualTo("lm_head.weight");
        assertThat(ModelLayers.of(TIED).head()).isEqualTo("model.embed_tokens.weight");
    }

    @Test
    void withoutTargetsEveryLinearLayerIsOne() {
        assertThat(choose(List.of()).byModule()).hasSize(14);
        assertThat(choose(List.of("all-linear"))).isEqualTo(choose(List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "q_proj|2",
                "self_attn.q_proj|2",
                "model.layers.0.self_attn.q_proj|1",
                "proj|0",
                ".*_proj|14",
                "layers\\.1\\..*|7",
                "[qv]_proj|4",
                "model\\.layers\\.[1-9]\\.mlp\\..*|3",
            })
    void aPatternFitsAWholeNameOrItsEndAfterADot(String pattern, int count) {
        if (count == 0) {
            assertThatThrownBy(() -> choose(List.of(pattern))).isInstanceOf(ConfigException.class);
            return;
        }
        assertThat(choose(List.of(pattern)).byModule()).hasSize(count);
    }

    @Test
    void parametersComeInTheOrderOfTheForwardPass() {
        Adapters adapters = choose(List.of("down_proj", "q_proj"), "lm_head", "model.norm");
        assertThat(adapters.parameters(UNTIED).stream().map(Parameter::name))
                .containsExactly(
                        "model.layers.0.self_attn.q_proj.lora_A.weight",
                        "model.layers.0.self_attn.q_proj.lora_B.weight",
                        "model.layers.0.mlp.down_proj.lora_A.weight",
                        "model.layers.0.mlp.down_proj.lora_B.weight",
                        "model.layers.1.self_attn.q_proj.lora_A.weight",
                        "model.layers.1.self_attn.q_proj.lora_B.weight",
                        "model.layers.1.mlp.down_proj.lora_A.weight",
                        "model.layers.1.mlp.down_proj.lora_B.weight",
                        "model.norm.weight",
                        "lm_head.weight");
    }

    @Test
    void whatIsTrainedWholeGetsNoAdapter() {
        Adapters adapters = choose(List.of(), "layers.0.mlp.up_proj");
        assertThat(adapters.byModule()).hasSize(13).doesNotContainKey("model.layers.0.mlp.up_proj");
        assertThat(adapters.whole()).containsExactly("model.layers.0.mlp.up_proj.weight");
    }

    @Test
    void scalesByTheRankOrItsRoot() {
        assertThat(new LoraSettings(16, 8, Scaling.BY_RANK, Kind.LORA).scale()).isEqualTo(0.5);
        assertThat(new LoraSettings(16, 8, Scaling.BY_ROOT_OF_RANK, Kind.LORA).scale())
                .isEqualTo(2);
    }

    @Test
    void namesTheNearestLayerForATargetThatFitsNone() {
        assertThatThrownBy(() -> choose(List.of("q_proj", "v_prj")))
                .isInstanceOf(ConfigException.class)
                .hasMessage("model.lora.targets: got \"v_prj\", which fits no linear layer of the model; did you mean"
                        + " v_proj?");
        assertThatThrownBy(() -> choose(List.of("query_key_value")))
                .hasMessage("model.lora.targets: got \"query_key_value\", which fits no linear layer of the model; it"
                        + " has q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj");
        assertThatThrownBy(() -> choose(List.of("lm_head")))
                .hasMessageStartingWith("model.lora.targets: got \"lm_head\", which fits no linear layer");
        assertThatThrownBy(() -> choose(List.of(), "embed_token"))
                .hasMessage("model.lora.modules_to_save: got \"embed_token\", which fits no module of the model; did"
                        + " you mean embed_tokens?");
    }

    @Test
    void refusesWhatIsNoPatternAndWhatLeavesNoAdapter() {
        assertThatThrownBy(() -> choose(List.of("(q_proj")))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("model.lora.targets: got \"(q_proj\", expected a regular expression (");
        assertThatThrownBy(() -> choose(List.of("q_proj"), "q_proj"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("model.lora.targets: all are trained whole by model.lora.modules_to_save, expected one that"
                        + " is not");
    }
}
