package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.dilort.error.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadSpecTest {

    @Test
    void defaultsOfTheHeads() {
        assertThat(HeadSpec.of("lsif").coefficients())
                .containsEntry("beta", 1.0)
                .containsEntry("exp_cap", 30.0);
        assertThat(HeadSpec.of("dpo").coefficients()).containsEntry("beta", 0.1);
        assertThat(HeadSpec.of("simpo").coefficients())
                .containsEntry("beta", 2.0)
                .containsEntry("gamma", 1.0);
        for (String mean : new String[] {"ipo", "simpo", "orpo", "simper", "sigmoid_norm"}) {
            assertThat(HeadSpec.of(mean).reduction()).as(mean).isEqualTo(Reduction.MEAN);
        }
        assertThat(HeadSpec.of("dpo").reduction()).isEqualTo(Reduction.SUM);
        assertThat(HeadSpec.of("lsif").variant()).isEqualTo(Variant.POINTWISE);
    }

    @Test
    void fileNames() {
        assertThat(HeadSpec.of("lsif").fileName()).isEqualTo("lsif.onnx");
        assertThat(HeadSpec.of("simpo").fileName()).isEqualTo("simpo-mean.onnx");
        assertThat(new HeadSpec(Heads.named("bce"), Variant.PAIRWISE, Reduction.MEAN, Map.of()).fileName())
                .isEqualTo("bce-pairwise-mean.onnx");
    }

    @Test
    void variantThatTheHeadDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> new HeadSpec(Heads.named("dpo"), Variant.MIXTURE, Reduction.SUM, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.variant: got mixture, which head dpo does not have, expected one of [pointwise]");
    }

    @Test
    void reductionThatTheHeadDoesNotHaveIsRefused() {
        assertThatThrownBy(() -> new HeadSpec(Heads.named("simpo"), Reduction.SUM, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.reduction: got sum, which head simpo does not have, expected one of [mean]");
    }

    @Test
    void mixtureWeightBelongsToTheRelativeVariant() {
        Map<String, Double> weight = Map.of("mixture_weight", 0.25);
        Head bce = Heads.named("bce");
        assertThat(new HeadSpec(bce, Variant.RELATIVE, Reduction.SUM, weight).coefficients())
                .containsEntry("mixture_weight", 0.25);
        assertThatThrownBy(() -> new HeadSpec(bce, Variant.MIXTURE, Reduction.SUM, weight))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("head.mixture_weight: head bce has no such coefficient");
    }

    @Test
    void coefficientOutOfRangeIsRefused() {
        assertThatThrownBy(() -> new HeadSpec(Heads.named("basu"), Reduction.SUM, Map.of("a", 0.)))
                .isInstanceOf(ConfigException.class)
                .hasMessage("head.a: got 0.0, expected 0.001 to 10.0 (head basu)");
        assertThatThrownBy(() -> new HeadSpec(Heads.named("dpo"), Reduction.SUM, Map.of("beta", Double.NaN)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("head.beta: got NaN");
    }

    @ParameterizedTest
    @MethodSource("org.dilort.heads.Heads#all")
    void everyCoefficientKeepsItsRange(Head head) {
        Reduction reduction = head.reductions().get(0);
        for (Coefficient coefficient : head.coefficients()) {
            String name = coefficient.name();
            for (double good : new double[] {coefficient.min(), coefficient.defaultValue(), coefficient.max()}) {
                HeadSpec spec = new HeadSpec(head, reduction, Map.of(name, good));
                assertThat(spec.coefficients()).containsEntry(name, good);
                assertThat(HeadGraph.toBytes(spec)).isNotEmpty();
            }
            double below = Math.nextDown(coefficient.min());
            assertThatThrownBy(() -> new HeadSpec(head, reduction, Map.of(name, below)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("head." + name + ": got " + below);
        }
    }
}
