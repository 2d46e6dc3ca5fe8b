package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WeightTypeTest {
    @Test
    void countsBytes() {
        assertThat(WeightType.F32.bytes(List.of(3L, 5L))).isEqualTo(60);
        assertThat(WeightType.BF16.bytes(List.of())).isEqualTo(2);
        assertThat(WeightType.I64.bytes(List.of(7L, 0L))).isZero();
        assertThat(WeightType.F4.bytes(List.of(6L))).isEqualTo(3);
        assertThat(WeightType.F16.bytes(List.of(128_256L, 16_384L))).isEqualTo(4_202_692_608L);
    }

    @Test
    void refusesLengthsThatOverflow() {
        List<Long> elements = List.of(1L << 32, 1L << 31);
        List<Long> bits = List.of(1L << 61);
        assertThatThrownBy(() -> WeightType.U8.bytes(elements)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> WeightType.F32.bytes(bits)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void refusesHalfABytes() {
        List<Long> shape = List.of(5L);
        assertThatThrownBy(() -> WeightType.F4.bytes(shape)).isInstanceOf(ArithmeticException.class);
    }
}
