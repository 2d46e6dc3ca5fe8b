package org.dilort.template;

import static java.util.Map.entry;

import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Jinja's tests by name. */
final class Tests {
    private static final Map<String, ValueTest> TESTS = Map.ofEntries(
            entry("defined", is(value -> !(value instanceof Undefined))),
            entry("undefined", is(Undefined.class::isInstance)),
            entry("none", is(None.class::isInstance)),
            entry("boolean", is(Bool.class::isInstance)),
            entry("true", is(Bool.TRUE::equals)),
            entry("false", is(Bool.FALSE::equals)),
            entry("integer", is(Int.class::isInstance)),
            entry("float", is(Real.class::isInstance)),
            entry("number", is(Numeric.class::isInstance)),
            entry("string", is(Text.class::isInstance)),
            entry("mapping", is(Dict.class::isInstance)),
            entry("sequence", is(Tests::isSequence)),
            entry("iterable", is(Tests::isIterable)),
            entry("callable", is(value -> value instanceof Callable || value instanceof Undefined)),
            entry("odd", (value, arguments, e) -> remainderIs(e.budget(), value, Int.of(2), BigInteger.ONE)),
            entry("even", (value, arguments, e) -> remainderIs(e.budget(), value, Int.of(2), BigInteger.ZERO)),
            entry(
                    "divisibleby",
                    (value, arguments, e) -> remainderIs(e.budget(), value, only(arguments), BigInteger.ZERO)),
            entry("lower", (value, arguments, e) -> Strings.isLower(value.text(e.budget()))),
            entry("upper", (value, arguments, e) -> Strings.isUpper(value.text(e.budget()))),
            entry("sameas", (value, arguments, e) -> isSame(value, only(arguments))),
            entry("escaped", is(value -> false)),
            entry("filter", (value, arguments, e) -> Filters.has(value.text(e.budget()))),
            entry("test", (value, arguments, e) -> has(value.text(e.budget()))),
            entry("in", comparing(Comparison.Comparator.IN)),
            entry("eq", comparing(Comparison.Comparator.EQUAL)),
            entry("equalto", comparing(Comparison.Comparator.EQUAL)),
            entry("==", comparing(Comparison.Comparator.EQUAL)),
            entry("ne", comparing(Comparison.Comparator.UNEQUAL)),
            entry("!=", comparing(Comparison.Comparator.UNEQUAL)),
            entry("lt", comparing(Comparison.Comparator.LESS)),
            entry("lessthan", comparing(Comparison.Comparator.LESS)),
            entry("<", comparing(Comparison.Comparator.LESS)),
            entry("le", comparing(Comparison.Comparator.LESS_OR_EQUAL)),
            entry("<=", comparing(Comparison.Comparator.LESS_OR_EQUAL)),
            entry("gt", comparing(Comparison.Comparator.GREATER)),
            entry("greaterthan", comparing(Comparison.Comparator.GREATER)),
            entry(">", comparing(Comparison.Comparator.GREATER)),
            entry("ge", comparing(Comparison.Comparator.GREATER_OR_EQUAL)),
            entry(">=", comparing(Comparison.Comparator.GREATER_OR_EQUAL)));

    private Tests() {}

    static ValueTest named(String name) {
        ValueTest test = TESTS.get(name);
        if (test == null) {
            throw Fault.unsupported("no such test" + Names.suggest(name, names()));
        }
        return test;
    }

    private static Set<String> names() {
        return TESTS.keySet();
    }

    private static boolean has(String name) {
        return TESTS.containsKey(name);
    }

    private static ValueTest is(Predicate<Value> kind) {
        return (value, arguments, evaluation) -> {
            arguments.bind("test");
            return kind.test(value);
        };
    }

    private static Value only(Arguments arguments) {
        return arguments.bind("test", "other").require("other");
    }

    private static ValueTest comparing(Comparison.Comparator comparator) {
        return (value, arguments, evaluation) -> comparator.holds(value, only(arguments), evaluation.budget());
    }

    private static boolean isSequence(Value value) {
        return value instanceof Text
                || value instanceof ListValue
                || value instanceof TupleValue
                || value instanceof Dict
                || value instanceof RangeValue
                || value instanceof Undefined;
    }

    private static boolean isIterable(Value value) {
        return isSequence(value) || value instanceof View || value instanceof OneShot || value instanceof LoopState;
    }

    private static boolean remainderIs(Budget budget, Value value, Value divisor, BigInteger expected) {
        if (value instanceof Text) {
            throw Fault.evaluation("a number is required, not 'str'");
        }
        Value remainder = Arithmetic.remainder(value, divisor, budget);
        return remainder instanceof Numeric number && Numbers.equal(number, new Int(expected));
    }

    /** Whether two values are one object in Python, as far as that can be seen. */
    private static boolean isSame(Value a, Value b) {
        boolean scalar = a instanceof None || a instanceof Numeric || a instanceof Text;
        return a == b || (scalar && a.equals(b));
    }
}
