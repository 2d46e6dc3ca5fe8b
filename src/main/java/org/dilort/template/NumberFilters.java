package org.dilort.template;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dilort.template.Arguments.Bound;

/** Jinja's filters that make numbers. */
final class NumberFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            entry("abs", NumberFilters::absolute),
            entry("int", NumberFilters::whole),
            entry("float", NumberFilters::real),
            entry("round", NumberFilters::round));

    private static final int DECIMAL = 10;
    private static final int MAX_PRECISION = 300;

    private NumberFilters() {}

    private static Value absolute(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("abs");
        Numeric number = number(input);
        return number.isWhole() ? new Int(number.integer().abs()) : new Real(Math.abs(number.real()));
    }

    private static Numeric number(Value value) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (value instanceof Numeric number) {
            return number;
        }
        throw Fault.evaluation("must be a number, got '" + value.type() + "'");
    }

    private static Value whole(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("int", "default", "base");
        if (bound.wholeNumber("base", DECIMAL) != DECIMAL) {
            throw Fault.unsupported("'int' with a base");
        }
        if (input instanceof Undefined undefined) {
            throw undefined.fault();
        }
        Value otherwise = bound.get("default").orElse(Int.of(0));
        Optional<BigInteger> exact = input instanceof Text text ? NumberTexts.whole(text.value()) : Optional.empty();
        if (exact.isPresent()) {
            return new Int(exact.get());
        }
        if (input instanceof Numeric number && number.isWhole()) {
            return new Int(number.integer());
        }
        return real(input)
                .filter(number -> Double.isFinite(number))
                .<Value>map(number -> new Int(new BigDecimal(number).toBigInteger()))
                .orElse(otherwise);
    }

    private static Optional<Double> real(Value input) {
        if (input instanceof Numeric number) {
            return Optional.of(number.real());
        }
        return input instanceof Text text ? NumberTexts.real(text.value()) : Optional.empty();
    }

    private static Value real(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("float", "default");
        if (input instanceof Undefined undefined) {
            throw undefined.fault();
        }
        return real(input)
                .<Value>map(Real::new)
                .orElseGet(() -> bound.get("default").orElse(new Real(0)));
    }

    /** Half to even, as Python rounds the exact value of a number. */
    private static Value round(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("round", "precision", "method");
        int precision = bound.wholeNumber("precision", 0);
        if (Math.abs((long) precision) > MAX_PRECISION) {
            throw Fault.limit("a precision over " + MAX_PRECISION);
        }
        String method = bound.text("method", "common").toLowerCase(Locale.ROOT);
        Numeric number = number(input);
        boolean common = method.equals("common");
        if (!common && !method.equals("ceil") && !method.equals("floor")) {
            throw Fault.evaluation("method must be common, ceil or floor");
        }
        if (!number.isWhole() && !Double.isFinite(number.real())) {
            return number;
        }
        if (common) {
            return number.isWhole() ? wholeRounded(number.integer(), precision) : rounded(number.real(), precision);
        }
        double power = Math.pow(DECIMAL, precision);
        double scaled = number.real() * power;
        return new Real((method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / power);
    }

    private static Value wholeRounded(BigInteger number, int precision) {
        return new Int(new BigDecimal(number)
                .setScale(Math.min(precision, 0), RoundingMode.HALF_EVEN)
                .toBigInteger());
    }

    private static Value rounded(double number, int precision) {
        double rounded = new BigDecimal(number)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .doubleValue();
        return new Real(Math.copySign(rounded, number));
    }
}
