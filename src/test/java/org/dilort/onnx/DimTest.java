package org.dilort.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DimTest {
    private static final Dim ROWS = Dim.of("rows");
    private static final Dim LENGTH = Dim.of("length");

    @Test
    void productsCommute() {
        assertThat(ROWS.times(LENGTH)).isEqualTo(LENGTH.times(ROWS)).hasToString("length*rows");
        assertThat(Dim.product(List.of(Dim.of(2), ROWS, Dim.of(3)))).hasToString("6*rows");
        assertThat(Dim.product(List.of())).isEqualTo(Dim.ONE);
    }

    @Test
    void quotientUndoesTheProduct() {
        Dim product = Dim.of(6).times(ROWS).times(ROWS).times(LENGTH);
        assertThat(product.dividedBy(Dim.of(2).times(ROWS)))
                .isEqualTo(Dim.of(3).times(ROWS).times(LENGTH));
        assertThat(product.dividedBy(product)).isEqualTo(Dim.ONE);
    }

    @Test
    void divisionThatLeavesARestIsRefused() {
        assertThat(Dim.of(6).isDivisibleBy(Dim.of(4))).isFalse();
        assertThat(ROWS.isDivisibleBy(ROWS.times(ROWS))).isFalse();
        assertThat(ROWS.isDivisibleBy(Dim.of(0))).isFalse();
        assertThatThrownBy(() -> ROWS.dividedBy(LENGTH)).hasMessage("dimension rows is not divisible by length");
    }

    @Test
    void onlyNumbersHaveAValue() {
        assertThat(Dim.of(7).value()).isEqualTo(7);
        assertThatThrownBy(ROWS::value).hasMessage("dimension rows is symbolic");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> Dim.of(-1)).hasMessage("dimension -1, expected >= 0");
        assertThatThrownBy(() -> Dim.of("")).hasMessage("a symbolic dimension needs a name");
        assertThatThrownBy(() -> Dim.of(Long.MAX_VALUE).times(Dim.of(2))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Dim.of("x".repeat(3000))).hasMessage("a dimension of more than 2000 letters");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "12",
                "rows",
                "2*rows",
                "length*rows",
                "3*a*a*b",
                "n[0:64]",
                "2*n[64:]",
                "(2*n)[0:4]",
                "(a + 2*b)"
            })
    void textIsReadBack(String text) {
        assertThat(Dim.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "2*", "a**b", "past + 1", "99999999999999999999"})
    void otherTextIsASymbol(String text) {
        assertThat(Dim.parse(text)).isEqualTo(Dim.of(text));
    }

    @Test
    void partOfAProductIsNoMultipleOfAPart() {
        assertThat(Dim.parse("(2*n)[0:4]")).isNotEqualTo(Dim.parse("2*n[0:4]"));
        assertThat(Dim.parse("2*n[0:4]").factor()).isEqualTo(2);
    }

    @Test
    void shapesCountAxesFromBothEnds() {
        Shape shape = Shape.of(ROWS, Dim.of(2), Dim.of(3));
        assertThat(shape.dim(-1)).isEqualTo(Dim.of(3));
        assertThat(shape.elements()).hasToString("6*rows");
        assertThat(shape.with(-2, LENGTH)).hasToString("[rows, length, 3]");
        assertThat(shape.isFixed()).isFalse();
        assertThat(Shape.of(2, 3).toArray()).containsExactly(2, 3);
        assertThatThrownBy(shape::toArray).hasMessage("dimension rows is symbolic");
    }
}
