package org.dilort.importer;

import java.util.Optional;
import org.dilort.onnx.Dim;

/** An integer that is known when the graph is built: a number, or a dimension such as rows or 3 times length. */
sealed interface Size {

    record Number(long value) implements Size {}

    /** At least 1, and never fixed. */
    record Length(Dim dim) implements Size {}

    static Size of(long value) {
        return new Number(value);
    }

    static Size of(Dim dim) {
        return dim.isFixed() ? new Number(dim.value()) : new Length(dim);
    }

    static Size of(boolean truth) {
        return new Number(truth ? 1 : 0);
    }

    default boolean is(long value) {
        return this instanceof Number number && number.value() == value;
    }

    /** As a dimension of a shape; a negative number is none. */
    default Optional<Dim> asDim() {
        if (this instanceof Length length) {
            return Optional.of(length.dim());
        }
        long value = ((Number) this).value();
        return value < 0 ? Optional.empty() : Optional.of(Dim.of(value));
    }
}
