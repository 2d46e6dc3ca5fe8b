package org.dilort.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.dilort.error.FormatException;
import org.dilort.lora.LoraSettings.Kind;
import org.dilort.lora.LoraSettings.Scaling;
import org.dilort.model.Parameter.Layout;
import org.dilort.weights.FloatSink;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers of {@link AdaptedWeightsTest}: W + s B A = ((4, 0, 5), (-1/2, 2, -1/2)). */
class MergedWeightsTest {
    private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

    /** Tensors in memory that come in chunks of two, so that rows are cut everywhere. */
    private static final class Memory implements NamedTensors {
        private final Map<String, float[]> values = new LinkedHashMap<>();
        private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

        Memory with(String name, List<Long> shape, float... content) {
            values.put(name, content);
            tensors.put(name, new TensorInfo(name, WeightType.F32, shape, location(), 0, WeightType.F32.bytes(shape)));
            return this;
        }

        @Override
        public Path location() {
            return Path.of("memory");
        }

        @Override
        public Map<String, TensorInfo> tensors() {
            return tensors;
        }

        @Override
        public void readFloats(String name, FloatSink sink) {
            float[] all = values.get(name);
            for (int from = 0; from < all.length; from += 2) {
                sink.accept(FloatBuffer.wrap(all, from, Math.min(2, all.length - from))
                        .slice());
            }
        }
    }

    private static Memory base(Layout layout) {
        Memory base = new Memory().with("layer.bias", List.of(2L), 10, 20);
        return layout == Layout.OUT_IN
                ? base.with("layer.weight", List.of(2L, 3L), 3, 0, 4, 0, 2, 0)
                : base.with("layer.weight", List.of(3L, 2L), 3, 0, 0, 2, 4, 0);
    }

    private static Memory trained() {
        return new Memory()
                .with("layer.lora_A.weight", List.of(1L, 3L), 1, 0, 1)
                .with("layer.lora_B.weight", List.of(2L, 1L), 2, -1)
                .with("layer.lora_magnitude_vector", List.of(2L), (float) (2 * Math.sqrt(41)), (float) Math.sqrt(4.5));
    }

    private static MergedWeights merged(Layout layout, Kind kind, NamedTensors base, NamedTensors trained) {
        LoraSettings settings = new LoraSettings(1, 0.5, Scaling.BY_RANK, kind);
        return new MergedWeights(
                base, trained, Adapters.choose(new LinearChain(layout), settings, List.of(), List.of()));
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
        Memory base = new Memory().with("layer.weight", List.of(2L, 3L), 0, 0, 0, 0, 2, 0);
        Memory trained = trained().with("layer.lora_B.weight", List.of(2L, 1L), 0, 0);
        assertThat(merged(Layout.OUT_IN, Kind.DORA, base, trained).toArray("layer.weight"))
                .containsExactly(new float[] {0, 0, 0, 0, (float) Math.sqrt(4.5), 0}, CLOSE);
    }

    @Test
    void anAdapterThatIsNotFiniteIsRefused() {
        Memory trained = trained().with("layer.lora_B.weight", List.of(2L, 1L), Float.NaN, 0);
        MergedWeights merged = merged(Layout.OUT_IN, Kind.LORA, base(Layout.OUT_IN), trained);
        assertThatThrownBy(() -> merged.finiteFloats("layer.weight").read(chunk -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("layer.weight: 3 of 6 values are not finite");
    }
}
