package org.dilort.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dilort.config.ConfigLoader;
import org.dilort.error.ConfigException;
import org.dilort.heads.HeadPreset;
import org.dilort.heads.HeadPresets;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.Heads;
import org.dilort.heads.Reduction;
import org.dilort.heads.Variant;
import org.junit.jupiter.api.Test;

/** A preset fills what the configuration leaves open, and nothing else. */
class HeadPresetTest {

    private static HeadSpec head(String... overrides) {
        return Objectives.of(ConfigLoader.load(Path.of("configs/demo.yaml"), List.of(overrides)))
                .terms()
                .get(0)
                .spec();
    }

    @Test
    void paperIsTheFormulaOfTheSequence() {
        HeadSpec spec = head("head={name: lsif, preset: dil-paper}");
        assertThat(spec.reduction()).isEqualTo(Reduction.SUM);
        assertThat(spec.coefficients())
                .isEqualTo(Map.of("beta", 1.0, "shift", 0.0, "exp_cap", Double.POSITIVE_INFINITY));
    }

    @Test
    void authorsAverageOverTokens() {
        HeadSpec spec = head("head={name: dpo, preset: dil-authors}");
        assertThat(spec.reduction()).isEqualTo(Reduction.MEAN);
        assertThat(spec.coefficients()).containsEntry("beta", 1.0);
    }

    @Test
    void whatIsGivenStandsOverThePreset() {
        HeadSpec spec = head("head={name: lsif, preset: dil-authors, reduction: sum, exp_cap: 20, variant: mixture}");
        assertThat(spec.reduction()).isEqualTo(Reduction.SUM);
        assertThat(spec.variant()).isEqualTo(Variant.MIXTURE);
        assertThat(spec.coefficients()).containsEntry("exp_cap", 20.0).containsEntry("beta", 1.0);
    }

    @Test
    void everyPresetMakesEachOfItsHeads() {
        for (HeadPreset preset : HeadPresets.all()) {
            for (String name : preset.heads()) {
                HeadSpec spec = head("head={name: " + name + ", preset: " + preset.name() + "}");
                assertThat(spec.coefficients())
                        .as("%s of %s", preset.name(), name)
                        .containsAllEntriesOf(preset.coefficientsOf(Heads.named(name)));
                assertThat(spec.reduction()).isEqualTo(preset.reduction());
            }
        }
    }

    @Test
    void unknownPresetAndPresetOfAnotherHeadAreRefused() {
        assertThatThrownBy(() -> head("head={name: lsif, preset: dil-papr}"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.preset: got \"dil-papr\"; did you mean dil-paper?");
        assertThatThrownBy(() -> head("head={name: ipo, preset: dil-authors}"))
                .hasMessage("head.preset: dil-authors is for lsif, ukl, bce, dpo, and head.name is ipo");
    }
}
