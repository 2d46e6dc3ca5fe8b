package org.dilort.template;

import java.util.Optional;
import java.util.Set;
import org.dilort.template.Arguments.Bound;

/** The methods of Python's {@code dict}; those that change it are out of reach, as in Jinja's sandbox. */
final class DictMethods {
    private static final Set<String> CHANGING = Set.of("clear", "fromkeys", "pop", "popitem", "setdefault", "update");

    private DictMethods() {}

    /** A look at a dict. */
    private interface Look {
        Value at(Budget budget);
    }

    static Optional<Value> of(Dict dict, String name) {
        if (CHANGING.contains(name)) {
            return Optional.of(new Undefined("access to attribute '" + name + "' of 'dict' object is unsafe."));
        }
        return switch (name) {
            case "get" -> method(name, (arguments, evaluation) -> get(dict, arguments, evaluation.budget()));
            case "keys" -> view(name, budget -> new View("dict_keys", dict.elements(budget)));
            case "values" -> view(name, budget -> new View("dict_values", dict.values(budget)));
            case "items" -> view(name, budget -> new View("dict_items", dict.pairs(budget)));
            case "copy" -> view(name, budget -> dict);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> method(String name, Function.Body body) {
        return Optional.of(new Function(name, body));
    }

    private static Optional<Value> view(String name, Look view) {
        return method(name, (arguments, evaluation) -> {
            arguments.bind(name);
            return view.at(evaluation.budget());
        });
    }

    private static Value get(Dict dict, Arguments arguments, Budget budget) {
        Bound bound = arguments.bind("get", "key", "default");
        Value key = bound.require("key");
        return dict.contains(key, budget)
                ? dict.item(key, budget).orElse(None.NONE)
                : bound.get("default").orElse(None.NONE);
    }
}
