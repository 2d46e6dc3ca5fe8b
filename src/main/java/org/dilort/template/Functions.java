package org.dilort.template;

import java.math.BigInteger;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.template.Arguments.Bound;

/** The functions that a template can call without defining them: Jinja's, and those that transformers adds. */
final class Functions {
    /** What Jinja2 has and this program does not. */
    static final Set<String> UNSUPPORTED = Set.of("cycler", "joiner", "lipsum");

    private static final int SAFE_BITS = 53;

    private Functions() {}

    static void define(Scope scope) {
        Map<String, Function.Body> functions = Map.of(
                "range", Functions::range,
                "dict", Functions::dict,
                "namespace", Functions::namespace,
                "raise_exception", Functions::raise,
                "strftime_now", Functions::now);
        functions.forEach((name, body) -> scope.set(name, new Function(name, body)));
    }

    private static Value range(Arguments arguments, Evaluation evaluation) {
        List<Value> bounds = arguments.positional();
        if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
            throw Fault.evaluation("range expected 1 to 3 positional arguments, got " + bounds.size());
        }
        long first = bound(bounds.get(0));
        if (bounds.size() == 1) {
            return new RangeValue(0, first, 1);
        }
        return new RangeValue(first, bound(bounds.get(1)), bounds.size() == 2 ? 1 : bound(bounds.get(2)));
    }

    private static long bound(Value value) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!(value instanceof Numeric number) || !number.isWhole()) {
            throw Fault.evaluation("'" + value.type() + "' object cannot be interpreted as an integer");
        }
        BigInteger bound = number.integer();
        if (bound.bitLength() > SAFE_BITS) {
            throw Fault.limit("a range bound of " + bound.bitLength() + " bits");
        }
        return bound.longValue();
    }

    private static Value dict(Arguments arguments, Evaluation evaluation) {
        return Dict.of(entries("dict", arguments, evaluation.budget()), evaluation.budget());
    }

    private static List<Dict.Entry> entries(String function, Arguments arguments, Budget budget) {
        if (arguments.positional().size() > 1) {
            throw Fault.evaluation(function + " expected at most 1 argument, got "
                    + arguments.positional().size());
        }
        List<Dict.Entry> entries = new ArrayList<>();
        for (Value given : arguments.positional()) {
            List<Value> pairs = given instanceof Dict dict ? dict.pairs(budget) : given.elements(budget);
            for (Value pair : pairs) {
                List<Value> sides = pair.elements(budget);
                if (sides.size() != 2) {
                    throw Fault.evaluation(function + " element has length " + sides.size() + "; 2 is required");
                }
                entries.add(new Dict.Entry(sides.get(0), sides.get(1)));
            }
        }
        arguments.named().forEach((name, value) -> entries.add(new Dict.Entry(new Text(name), value)));
        return entries;
    }

    private static Value namespace(Arguments arguments, Evaluation evaluation) {
        Map<String, Value> attributes = new HashMap<>();
        for (Dict.Entry entry : entries("namespace", arguments, evaluation.budget())) {
            attributes.put(entry.key().text(evaluation.budget()), entry.value());
        }
        return new Namespace(attributes);
    }

    private static Value raise(Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("raise_exception", "message");
        throw Fault.raised(bound.require("message").text(evaluation.budget()));
    }

    private static Value now(Arguments arguments, Evaluation evaluation) {
        String format = arguments.bind("strftime_now", "format").requireText("format");
        return Text.of(DateFormat.format(format, ZonedDateTime.now(evaluation.clock())), evaluation.budget());
    }
}
