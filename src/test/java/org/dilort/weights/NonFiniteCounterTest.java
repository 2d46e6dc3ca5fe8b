package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;

class NonFiniteCounterTest {
    private static final TensorInfo TENSOR =
            new TensorInfo("w", WeightType.F32, List.of(6L), Path.of("model.safetensors"), 0, 24);

    @Test
    void countsOverChunksAndPassesThemOn() {
        FloatBuffer seen = FloatBuffer.allocate(6);
        NonFiniteCounter counter = new NonFiniteCounter(seen::put);

        counter.accept(FloatBuffer.wrap(new float[] {1, 2, 3}));
        counter.accept(FloatBuffer.wrap(new float[] {0, Float.NaN, Float.NEGATIVE_INFINITY}, 0, 3));

        assertThat(counter.nonFinite()).isEqualTo(2);
        assertThat(seen.array()).containsExactly(1, 2, 3, 0, Float.NaN, Float.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> counter.requireNone(TENSOR))
                .isInstanceOf(FormatException.class)
                .hasMessage("w: 2 of 6 values are not finite, the first is NaN at index 4; expected none"
                        + " (model.safetensors)");
    }

    @Test
    void acceptsTheLargestFiniteValues() {
        NonFiniteCounter counter = new NonFiniteCounter(chunk -> {});
        counter.accept(FloatBuffer.wrap(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE}));
        assertThatCode(() -> counter.requireNone(TENSOR)).doesNotThrowAnyException();
    }
}
