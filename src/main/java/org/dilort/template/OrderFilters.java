package org.dilort.template;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.dilort.template.Arguments.Bound;

/** Jinja's filters that compare items; strings without regard to case, unless asked otherwise. */
final class OrderFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            entry("sort", OrderFilters::sort),
            entry("dictsort", OrderFilters::dictSort),
            entry("unique", OrderFilters::unique),
            entry("min", (input, arguments, evaluation) -> extreme("min", input, arguments, evaluation)),
            entry("max", (input, arguments, evaluation) -> extreme("max", input, arguments, evaluation)),
            entry("sum", OrderFilters::sum));

    private OrderFilters() {}

    private static Value sort(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
        Budget budget = evaluation.budget();
        UnaryOperator<Value> folded = folding(bound, budget);
        List<AttributePath> paths = new ArrayList<>();
        bound.unlessNone("attribute").ifPresent(attribute -> paths.addAll(paths(attribute)));
        UnaryOperator<Value> key = item -> {
            List<Value> keys = paths.stream()
                    .map(path -> folded.apply(path.in(item, budget)))
                    .toList();
            return ListValue.of(paths.isEmpty() ? List.of(folded.apply(item)) : keys, budget);
        };
        List<Value> sorted = Ordering.sort(input.elements(budget), key, bound.truth("reverse", false), budget);
        return ListValue.of(sorted, budget);
    }

    /** Several attributes may be named, with commas between them. */
    private static List<AttributePath> paths(Value attribute) {
        if (!(attribute instanceof Text text)) {
            return List.of(AttributePath.of(attribute));
        }
        return List.of(text.value().split(",", -1)).stream()
                .map(part -> AttributePath.of(new Text(part)))
                .toList();
    }

    private static UnaryOperator<Value> folding(Bound bound, Budget budget) {
        return bound.truth("case_sensitive", false) ? value -> value : value -> folded(value, budget);
    }

    private static Value folded(Value value, Budget budget) {
        return value instanceof Text text ? Text.of(text.value().toLowerCase(Locale.ROOT), budget) : value;
    }

    private static Value dictSort(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
        Budget budget = evaluation.budget();
        String by = bound.text("by", "key");
        if (!by.equals("key") && !by.equals("value")) {
            throw Fault.evaluation("you can only sort by either 'key' or 'value', got '" + by + "'");
        }
        if (input instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!(input instanceof Dict dict)) {
            throw Fault.evaluation("'" + input.type() + "' object has no attribute 'items'");
        }
        int position = by.equals("key") ? 0 : 1;
        UnaryOperator<Value> folded = folding(bound, budget);
        List<Value> sorted = Ordering.sort(
                dict.pairs(budget),
                pair -> folded.apply(pair.elements(budget).get(position)),
                bound.truth("reverse", false),
                budget);
        return ListValue.of(sorted, budget);
    }

    private static UnaryOperator<Value> keyed(Bound bound, Budget budget) {
        UnaryOperator<Value> folded = folding(bound, budget);
        Optional<AttributePath> path = bound.unlessNone("attribute").map(AttributePath::of);
        return item -> folded.apply(path.isPresent() ? path.get().in(item, budget) : item);
    }

    private static Value unique(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
        Budget budget = evaluation.budget();
        UnaryOperator<Value> key = keyed(bound, budget);
        Set<Object> seen = new HashSet<>();
        List<Value> kept = new ArrayList<>();
        for (Value item : input.elements(budget)) {
            if (seen.add(Dict.hashed(key.apply(item)))) {
                kept.add(item);
            }
        }
        return OneShot.generator(kept, budget);
    }

    private static Value extreme(String name, Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind(name, "case_sensitive", "attribute");
        Budget budget = evaluation.budget();
        UnaryOperator<Value> key = keyed(bound, budget);
        Ordering.Relation better = name.equals("min") ? Ordering.Relation.LESS : Ordering.Relation.GREATER;
        List<Value> items = input.elements(budget);
        if (items.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Value best = items.get(0);
        for (Value item : items.subList(1, items.size())) {
            best = Ordering.test(key.apply(item), better, key.apply(best), budget) ? item : best;
        }
        return best;
    }

    private static Value sum(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("sum", "attribute", "start");
        Budget budget = evaluation.budget();
        Optional<AttributePath> path = bound.unlessNone("attribute").map(AttributePath::of);
        Value sum = bound.get("start").orElse(Int.of(0));
        for (Value item : input.elements(budget)) {
            sum = Arithmetic.add(sum, path.isPresent() ? path.get().in(item, budget) : item, budget);
        }
        return sum;
    }
}
