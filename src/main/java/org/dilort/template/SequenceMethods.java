package org.dilort.template;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The methods of Python's {@code list} and {@code tuple}; those that change a list are out of reach. */
final class SequenceMethods {
    private static final Set<String> CHANGING =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private SequenceMethods() {}

    static Optional<Value> ofList(ListValue list, String name) {
        if (CHANGING.contains(name)) {
            return Optional.of(new Undefined("access to attribute '" + name + "' of 'list' object is unsafe."));
        }
        if (name.equals("copy")) {
            return Optional.of(new Function(name, (arguments, evaluation) -> {
                arguments.bind(name);
                return list;
            }));
        }
        return of(list.items(), name);
    }

    static Optional<Value> ofTuple(TupleValue tuple, String name) {
        return of(tuple.items(), name);
    }

    private static Optional<Value> of(List<Value> items, String name) {
        return switch (name) {
            case "index" -> Optional.of(new Function(name, (a, evaluation) -> index(items, a, evaluation)));
            case "count" -> Optional.of(new Function(name, (a, evaluation) -> count(items, a, evaluation)));
            default -> Optional.empty();
        };
    }

    private static Value index(List<Value> items, Arguments arguments, Evaluation evaluation) {
        Value wanted = arguments.bind("index", "value").require("value");
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).equalTo(wanted, evaluation.budget())) {
                return Int.of(i);
            }
        }
        throw Fault.evaluation("value is not in list");
    }

    private static Value count(List<Value> items, Arguments arguments, Evaluation evaluation) {
        Value wanted = arguments.bind("count", "value").require("value");
        long count = items.stream()
                .filter(item -> item.equalTo(wanted, evaluation.budget()))
                .count();
        return Int.of(count);
    }
}
