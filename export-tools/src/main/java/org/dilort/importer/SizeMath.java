package org.dilort.importer;

import java.util.Map;
import java.util.Optional;
import org.dilort.importer.Size.Length;
import org.dilort.importer.Size.Number;
import org.dilort.onnx.Dim;

/** Arithmetic of sizes as far as its result is a size again; what is not is left to the graph. */
final class SizeMath {

    /** Empty where the result is no size. */
    interface Operation {
        Optional<Size> of(Size a, Size b);
    }

    static final Map<String, Operation> TABLE = Map.of(
            "Add", SizeMath::add,
            "Sub", SizeMath::sub,
            "Mul", SizeMath::mul,
            "Div", SizeMath::div,
            "Equal", SizeMath::equal,
            "Less", (a, b) -> compare(a, b).map(order -> Size.of(order < 0)),
            "Greater", (a, b) -> compare(a, b).map(order -> Size.of(order > 0)),
            "Max", (a, b) -> compare(a, b).map(order -> order >= 0 ? a : b),
            "Min", (a, b) -> compare(a, b).map(order -> order <= 0 ? a : b));

    private SizeMath() {}

    private static Optional<Size> add(Size a, Size b) {
        if (a.is(0)) {
            return Optional.of(b);
        }
        if (b.is(0)) {
            return Optional.of(a);
        }
        return a instanceof Number x && b instanceof Number y
                ? Optional.of(Size.of(Math.addExact(x.value(), y.value())))
                : Optional.empty();
    }

    private static Optional<Size> sub(Size a, Size b) {
        if (a.equals(b)) {
            return Optional.of(Size.of(0));
        }
        return b instanceof Number y ? add(a, Size.of(Math.negateExact(y.value()))) : Optional.empty();
    }

    private static Optional<Size> mul(Size a, Size b) {
        if (a instanceof Number x && b instanceof Number y) {
            return Optional.of(Size.of(Math.multiplyExact(x.value(), y.value())));
        }
        return a.asDim().flatMap(x -> b.asDim().map(y -> Size.of(x.times(y))));
    }

    /** Toward zero, as ONNX divides integers. */
    private static Optional<Size> div(Size a, Size b) {
        if (a instanceof Number x && b instanceof Number y) {
            return y.value() == 0 ? Optional.empty() : Optional.of(Size.of(x.value() / y.value()));
        }
        Optional<Dim> whole = a.asDim();
        Optional<Dim> part = b.asDim();
        boolean exact = whole.isPresent() && part.isPresent() && whole.get().isDivisibleBy(part.get());
        return exact ? Optional.of(Size.of(whole.get().dividedBy(part.get()))) : Optional.empty();
    }

    private static Optional<Size> equal(Size a, Size b) {
        return compare(a, b).map(order -> Size.of(order == 0));
    }

    /** Negative, 0 or positive as the first is less, equal or greater; a length is at least 1. */
    private static Optional<Integer> compare(Size a, Size b) {
        if (a.equals(b)) {
            return Optional.of(0);
        }
        if (a instanceof Number x && b instanceof Number y) {
            return Optional.of(Long.compare(x.value(), y.value()));
        }
        if (a instanceof Length && b instanceof Number y) {
            return y.value() < 1 ? Optional.of(1) : Optional.empty();
        }
        if (a instanceof Number x && b instanceof Length) {
            return x.value() < 1 ? Optional.of(-1) : Optional.empty();
        }
        return Optional.empty();
    }
}
