package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One dimension as a monomial: a factor times symbols, such as {@code 12}, {@code rows} or {@code 2*rows*length}.
 *
 * <p>Monomials are closed under what reshaping does, so a reshape that splits and merges symbolic dimensions is
 * checked exactly. Symbols are sorted, hence equal products are equal records.
 */
public record Dim(long factor, List<String> symbols) {
    public static final Dim ONE = new Dim(1, List.of());

    public Dim {
        if (factor < 0) {
            throw new IllegalArgumentException("dimension " + factor + ", expected >= 0");
        }
        symbols = symbols.stream().sorted().toList();
    }

    public static Dim of(long value) {
        return new Dim(value, List.of());
    }

    public static Dim of(String symbol) {
        return new Dim(1, List.of(symbol));
    }

    public boolean isFixed() {
        return symbols.isEmpty();
    }

    public boolean isOne() {
        return isFixed() && factor == 1;
    }

    /** The number, for a dimension that has one. */
    public long value() {
        if (!isFixed()) {
            throw new IllegalStateException("dimension " + this + " is symbolic");
        }
        return factor;
    }

    public Dim times(Dim other) {
        List<String> all = new ArrayList<>(symbols);
        all.addAll(other.symbols);
        return new Dim(Math.multiplyExact(factor, other.factor), all);
    }

    public static Dim product(Iterable<Dim> dims) {
        Dim product = ONE;
        for (Dim dim : dims) {
            product = product.times(dim);
        }
        return product;
    }

    public boolean isDivisibleBy(Dim divisor) {
        if (divisor.factor == 0 || factor % divisor.factor != 0) {
            return false;
        }
        List<String> rest = new ArrayList<>(symbols);
        return divisor.symbols.stream().allMatch(rest::remove);
    }

    public Dim dividedBy(Dim divisor) {
        if (!isDivisibleBy(divisor)) {
            throw new IllegalArgumentException("dimension " + this + " is not divisible by " + divisor);
        }
        List<String> rest = new ArrayList<>(symbols);
        divisor.symbols.forEach(rest::remove);
        return new Dim(factor / divisor.factor, rest);
    }

    /** Reads what {@link #toString} wrote; any other text is a symbol of its own. */
    static Dim parse(String text) {
        List<String> parts = new ArrayList<>(Arrays.asList(text.split("\\*")));
        if (parts.size() > 1 && parts.get(0).matches("[0-9]{1,18}")) {
            return new Dim(Long.parseLong(parts.remove(0)), parts);
        }
        return text.contains(" ") ? of(text) : new Dim(1, parts);
    }

    @Override
    public String toString() {
        if (isFixed()) {
            return Long.toString(factor);
        }
        String product = String.join("*", symbols);
        return factor == 1 ? product : factor + "*" + product;
    }
}
