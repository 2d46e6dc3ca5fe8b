package org.dilort.onnx;

import java.util.ArrayList;
import java.util.List;

/**
 * One dimension as a monomial: a factor times symbols, such as {@code 12}, {@code rows} or {@code 2*rows*length}.
 *
 * <p>Monomials are closed under what reshaping does, so a reshape that splits and merges symbolic dimensions is
 * checked exactly. Symbols are sorted, hence equal products are equal records.
 */
public record Dim(long factor, List<String> symbols) {
    public static final Dim ONE = new Dim(1, List.of());

    /** No honest shape needs more; a hostile file could double it with every node. */
    private static final int LONGEST_TEXT = 2000;

    public Dim {
        if (factor < 0) {
            throw new IllegalArgumentException("dimension " + factor + ", expected >= 0");
        }
        if (symbols.contains("")) {
            throw new IllegalArgumentException("a symbolic dimension needs a name");
        }
        if (symbols.stream().mapToInt(String::length).sum() > LONGEST_TEXT) {
            throw new IllegalArgumentException("a dimension of more than " + LONGEST_TEXT + " letters");
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
        List<String> factors = factors(text);
        if (factors.contains("")) {
            return of(text);
        }
        if (!factors.get(0).matches("[0-9]{1,18}")) {
            return new Dim(1, factors);
        }
        return new Dim(Long.parseLong(factors.get(0)), factors.subList(1, factors.size()));
    }

    /** What stands between the asterisks that are outside of all brackets. */
    private static List<String> factors(String text) {
        List<String> factors = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (c == '*' && depth == 0) {
                factors.add(text.substring(from, i));
                from = i + 1;
            }
        }
        factors.add(text.substring(from));
        return factors;
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
