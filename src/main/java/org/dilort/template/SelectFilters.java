package org.dilort.template;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Jinja's filters that ask or change every item: {@code map}, {@code select} and their kin. */
final class SelectFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            entry("map", SelectFilters::map),
            entry("select", (input, a, e) -> select(input, test(a, e), e)),
            entry("reject", (input, a, e) -> select(input, test(a, e).negate(), e)),
            entry("selectattr", (input, a, e) -> select(input, attributeTest(a, e), e)),
            entry(
                    "rejectattr",
                    (input, a, e) -> select(input, attributeTest(a, e).negate(), e)));

    private static final String ATTRIBUTE = "attribute";
    private static final String DEFAULT = "default";

    private SelectFilters() {}

    private static Value map(Value input, Arguments arguments, Evaluation evaluation) {
        Budget budget = evaluation.budget();
        if (!input.truth()) {
            return OneShot.generator(List.of(), budget);
        }
        UnaryOperator<Value> change = change(arguments, evaluation);
        List<Value> changed = new ArrayList<>();
        input.elements(budget).forEach(item -> changed.add(change.apply(item)));
        return OneShot.generator(changed, budget);
    }

    private static UnaryOperator<Value> change(Arguments arguments, Evaluation evaluation) {
        if (arguments.positional().isEmpty() && arguments.named().containsKey(ATTRIBUTE)) {
            return attribute(arguments, evaluation.budget());
        }
        Filter filter = Filters.named(name(arguments, 0, "map requires a filter argument"));
        Arguments rest = arguments.from(1);
        return item -> filter.apply(item, rest, evaluation);
    }

    private static UnaryOperator<Value> attribute(Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("map", ATTRIBUTE, DEFAULT);
        AttributePath path = AttributePath.of(bound.require(ATTRIBUTE));
        Optional<Value> otherwise = bound.unlessNone(DEFAULT);
        return item -> otherwise.isPresent() ? path.in(item, otherwise.get(), budget) : path.in(item, budget);
    }

    private static String name(Arguments arguments, int position, String missing) {
        if (arguments.positional().size() <= position) {
            throw Fault.evaluation(missing);
        }
        if (arguments.positional().get(position) instanceof Text name) {
            return name.value();
        }
        throw Fault.evaluation("got '" + arguments.positional().get(position).type() + "', expected a name");
    }

    private static Value select(Value input, Predicate<Value> kept, Evaluation evaluation) {
        List<Value> items = input.truth() ? input.elements(evaluation.budget()) : List.of();
        return OneShot.generator(items.stream().filter(kept).toList(), evaluation.budget());
    }

    private static Predicate<Value> test(Arguments arguments, Evaluation evaluation) {
        if (arguments.positional().isEmpty()) {
            return Value::truth;
        }
        ValueTest test = Tests.named(name(arguments, 0, "missing test"));
        Arguments rest = arguments.from(1);
        return item -> test.test(item, rest, evaluation);
    }

    private static Predicate<Value> attributeTest(Arguments arguments, Evaluation evaluation) {
        if (arguments.positional().isEmpty()) {
            throw Fault.evaluation("missing parameter for attribute name");
        }
        AttributePath path = AttributePath.of(arguments.positional().get(0));
        Predicate<Value> test = test(arguments.from(1), evaluation);
        return item -> test.test(path.in(item, evaluation.budget()));
    }
}
