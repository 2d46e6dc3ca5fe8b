package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.dilort.error.FormatException;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.Parameter.Layout;
import org.dilort.testing.Array;
import org.dilort.testing.ArrayTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of {@link AdaptedWeightsTest}: W + s B A = ((4, 0, 5), (-1/2, 2, -1/2)). */
class MergedWeightsTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

    private static Map<String, Array> base(Layout layout) {
        Map<String, Array> base = new TreeMap<>();
        base.put("layer.bias", Array.vector(10, 20));
        base.put(
                "layer.weight",
                layout == Layout.OUT_IN
                        ? Array.of(new long[] {2, 3}, 3, 0, 4, 0, 2, 0)
                        : Array.of(new long[] {3, 2}, 3, 0, 0, 2, 4, 0));
        return base;
    }

    private static Map<String, Array> trained() {
        Map<String, Array> trained = new TreeMap<>();
        trained.put("layer.lora_A.weight", Array.of(new long[] {1, 3}, 1, 0, 1));
        trained.put("layer.lora_B.weight", Array.of(new long[] {2, 1}, 2, -1));
        trained.put("layer.lora_magnitude_vector", Array.vector(2 * Math.sqrt(41), Math.sqrt(4.5)));
        return trained;
    }

    private static MergedWeights merged(
            Layout layout, Kind kind, Map<String, Array> base, Map<String, Array> trained) {
        LoraSettings settings = new LoraSettings(1, 0.5, Scaling.BY_RANK, kind);
        return new MergedWeights(
                new ArrayTensors(base), new ArrayTensors(trained), Adapters.choose(new LinearChain(layout), settings, List.of(), List.of()));
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void addsTheProduct(Layout layout) {
        MergedWeights merged = merged(layout, Kind.LORA, base(layout), trained());
        assertThat(merged.toArray("layer.weight"))
                .containsExactly(
                        layout == Layout.OUT_IN
                                ? new float[] {4, 0, 5, -0.5f, 2, -0.5f}
                                : new float[] {4, -0.5f, 0, 2, 5, -0.5f},
                        CLOSE);
        assertThat(merged.toArray("layer.bias")).containsExactly(10, 20);
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void setsTheNorms(Layout layout) {
        MergedWeights merged = merged(layout, Kind.DORA, base(layout), trained());
        assertThat(merged.toArray("layer.weight"))
                .containsExactly(
                        layout == Layout.OUT_IN
                                ? new float[] {8, 0, 10, -0.5f, 2, -0.5f}
                                : new float[] {8, -0.5f, 0, 2, 10, -0.5f},
                        CLOSE);
    }

    @Test
    void anOutputOfZerosStaysOne() {
        Map<String, Array> base = Map.of("layer.weight", Array.of(new long[] {2, 3}, 0, 0, 0, 0, 2, 0));
        Map<String, Array> trained = trained();
        trained.put("layer.lora_B.weight", Array.of(new long[] {2, 1}, 0, 0));
        assertThat(merged(Layout.OUT_IN, Kind.DORA, base, trained).toArray("layer.weight"))
                .containsExactly(new float[] {0, 0, 0, 0, (float) Math.sqrt(4.5), 0}, CLOSE);
    }

    @Test
    void anAdapterThatIsNotFiniteIsRefused() {
        Map<String, Array> trained = trained();
        trained.put("layer.lora_B.weight", Array.of(new long[] {2, 1}, Double.NaN, 0));
        MergedWeights merged = merged(Layout.OUT_IN, Kind.LORA, base(Layout.OUT_IN), trained);
        assertThatThrownBy(() -> merged.finiteFloats("layer.weight").read(chunk -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("layer.weight: 3 of 6 values are not finite");
    }
}
