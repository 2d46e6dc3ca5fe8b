package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every source of weights must do; a subclass stores the given tensors and opens them. */
public abstract class WeightSourceContract {
    private static final int BIG = 300_001;

    @TempDir
    private Path folder;

    private WeightSource source;

    /** A float32 tensor. */
    public record Tensor(List<Long> shape, float[] values) {
        private static Tensor of(List<Long> shape) {
            float[] values = new float[(int) WeightType.elements(shape)];
            for (int i = 0; i < values.length; i++) {
                values[i] = i * 0.25f - 1;
            }
            return new Tensor(shape, values);
        }
    }

    protected abstract WeightSource store(Path folder, Map<String, Tensor> tensors);

    @BeforeEach
    void open() {
        source = store(folder, tensors());
    }

    @AfterEach
    void close() {
        source.close();
    }

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("layers.0.weight", Tensor.of(List.of(2L, 3L)));
        tensors.put("layers.0.bias", Tensor.of(List.of(3L)));
        tensors.put("big", Tensor.of(List.of((long) BIG)));
        tensors.put("scalar", Tensor.of(List.of()));
        tensors.put("empty", Tensor.of(List.of(4L, 0L)));
        tensors.put("bad", new Tensor(List.of(3L), new float[] {1, Float.NaN, Float.POSITIVE_INFINITY}));
        return tensors;
    }

    @Test
    void listsAllTensors() {
        assertThat(source.names()).containsExactlyInAnyOrderElementsOf(tensors().keySet());
        tensors().forEach((name, tensor) -> {
            TensorInfo info = source.info(name);
            assertThat(info.name()).isEqualTo(name);
            assertThat(info.shape()).isEqualTo(tensor.shape());
            assertThat(info.type()).isEqualTo(WeightType.F32);
            assertThat(info.bytes()).isEqualTo(4L * tensor.values().length);
        });
    }

    @Test
    void readsTheValues() {
        tensors()
                .forEach((name, tensor) ->
                        assertThat(source.toArray(name)).as(name).isEqualTo(tensor.values()));
    }

    @Test
    void readsInSmallChunksAndAgain() {
        AtomicInteger largest = new AtomicInteger();
        AtomicInteger total = new AtomicInteger();
        FloatSource floats = source.floats("big");
        IntStream.range(0, 2)
                .forEach(pass -> floats.read(chunk -> {
                    largest.accumulateAndGet(chunk.remaining(), Math::max);
                    total.addAndGet(chunk.remaining());
                }));
        assertThat(total).hasValue(2 * BIG);
        assertThat(largest.get()).isLessThan(BIG).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void mapsTheBytes() {
        tensors().forEach((name, tensor) -> {
            MappedByteBuffer mapped = source.map(name);
            assertThat(mapped.isReadOnly()).isTrue();
            float[] values = new float[mapped.remaining() / 4];
            mapped.asFloatBuffer().get(values);
            assertThat(values).as(name).isEqualTo(tensor.values());
        });
    }

    @Test
    void copiesTheBytes() {
        tensors().forEach((name, tensor) -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            source.copyBytes(name, Channels.newChannel(bytes));
            assertThat(bytes.toByteArray()).as(name).isEqualTo(SafetensorsBytes.floats(tensor.values()));
        });
    }

    @Test
    void namesTheNearestTensorWhenOneIsMissing() {
        assertThat(source.contains("layers.0.weights")).isFalse();
        assertThatThrownBy(() -> source.info("layers.0.weights"))
                .isInstanceOf(FormatException.class)
                .hasMessage("layers.0.weights: no such tensor among 6; the nearest name is layers.0.weight (%s)"
                        .formatted(source.location()));
        assertThatThrownBy(() -> source.floats("nothing of this kind").read(chunk -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("nothing of this kind: no such tensor among 6 (");
    }

    @Test
    void refusesAnotherShape() {
        assertThat(source.require("layers.0.weight", 2, 3)).isEqualTo(source.info("layers.0.weight"));
        assertThat(source.require("scalar").elements()).isEqualTo(1);
        assertThatThrownBy(() -> source.require("layers.0.weight", 3, 2))
                .isInstanceOf(FormatException.class)
                .hasMessage("layers.0.weight: shape [2, 3], expected [3, 2] (%s)"
                        .formatted(source.info("layers.0.weight").file()));
    }

    @Test
    void listsTensorsThatNobodyExpects() {
        List<String> expected = List.of("layers.0.weight", "big", "scalar", "empty", "bad", "absent");
        assertThat(source.extras(expected)).containsExactly("layers.0.bias");
        assertThatThrownBy(() -> source.requireOnly(expected))
                .isInstanceOf(FormatException.class)
                .hasMessage("1 tensors that the model does not have: layers.0.bias (%s)".formatted(source.location()));
        assertThatCode(() -> source.requireOnly(tensors().keySet())).doesNotThrowAnyException();
    }

    @Test
    void refusesNonFiniteValuesWhenAsked() {
        assertThat(source.toArray("bad")).contains(Float.NaN);
        assertThatThrownBy(() -> source.finiteFloats("bad").read(chunk -> {}))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("bad: 2 of 3 values are not finite, the first is NaN at index 1");
        assertThatCode(() -> source.finiteFloats("big").read(chunk -> {})).doesNotThrowAnyException();
    }
}
