package org.dilort.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands between the parentheses of a call, evaluated. */
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    Arguments {
        positional = List.copyOf(positional);
    }

    /** The arguments without the first ones, for what those name. */
    Arguments from(int first) {
        return new Arguments(positional.subList(Math.min(first, positional.size()), positional.size()), named);
    }

    boolean isEmpty() {
        return positional.isEmpty() && named.isEmpty();
    }

    /** Gives each argument its parameter, as Python does. */
    Bound bind(String function, String... parameters) {
        List<String> names = List.of(parameters);
        if (positional.size() > names.size()) {
            throw Fault.evaluation(
                    function + "() takes at most " + names.size() + " arguments (" + positional.size() + " given)");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (int i = 0; i < positional.size(); i++) {
            values.put(names.get(i), positional.get(i));
        }
        named.forEach((name, value) -> {
            if (!names.contains(name)) {
                throw Fault.evaluation(function + "() got an unexpected keyword argument '" + name + "'");
            }
            if (values.putIfAbsent(name, value) != null) {
                throw Fault.evaluation(function + "() got multiple values for argument '" + name + "'");
            }
        });
        return new Bound(function, values);
    }

    /** The values of parameters. */
    record Bound(String function, Map<String, Value> values) {

        Optional<Value> get(String parameter) {
            return Optional.ofNullable(values.get(parameter));
        }

        /** The value, unless it is missing or None. */
        Optional<Value> unlessNone(String parameter) {
            return get(parameter).filter(value -> !(value instanceof None));
        }

        Value require(String parameter) {
            return get(parameter)
                    .orElseThrow(
                            () -> Fault.evaluation(function + "() missing 1 required argument: '" + parameter + "'"));
        }

        boolean truth(String parameter, boolean otherwise) {
            return get(parameter).map(Value::truth).orElse(otherwise);
        }

        String text(String parameter, String otherwise) {
            return get(parameter).map(value -> text(parameter, value)).orElse(otherwise);
        }

        String requireText(String parameter) {
            return text(parameter, require(parameter));
        }

        private String text(String parameter, Value value) {
            if (value instanceof Text text) {
                return text.value();
            }
            throw wrong(parameter, value, "a string");
        }

        /** A whole number, brought into the range of an int. */
        int wholeNumber(String parameter, int otherwise) {
            return get(parameter).map(value -> wholeNumber(parameter, value)).orElse(otherwise);
        }

        private int wholeNumber(String parameter, Value value) {
            if (value instanceof Undefined undefined) {
                throw undefined.fault();
            }
            if (!(value instanceof Numeric number) || !number.isWhole()) {
                throw wrong(parameter, value, "a whole number");
            }
            boolean fits = number.integer().bitLength() < Integer.SIZE;
            int end = number.integer().signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
            return fits ? number.integer().intValue() : end;
        }

        private Fault wrong(String parameter, Value value, String expected) {
            return Fault.evaluation(
                    function + "() argument '" + parameter + "': got '" + value.type() + "', expected " + expected);
        }
    }
}
