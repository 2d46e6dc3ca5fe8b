package org.dilort.template;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dilort.template.Arguments.Bound;

/** Jinja's filters that take sequences apart or make them. */
final class SequenceFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            entry("length", SequenceFilters::length),
            entry("count", SequenceFilters::length),
            entry("first", SequenceFilters::first),
            entry("last", SequenceFilters::last),
            entry("list", SequenceFilters::list),
            entry("reverse", SequenceFilters::reverse),
            entry("items", SequenceFilters::items),
            entry("batch", SequenceFilters::batch),
            entry("slice", SequenceFilters::slice));

    private SequenceFilters() {}

    private static Value length(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("length");
        return Int.of(input.length());
    }

    private static Value first(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("first");
        Optional<Value> first = input instanceof OneShot once
                ? once.next()
                : input.elements(evaluation.budget()).stream().findFirst();
        return first.orElseGet(() -> new Undefined("No first item, sequence was empty."));
    }

    private static Value last(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("last");
        requireReversible(input);
        List<Value> items = input.elements(evaluation.budget());
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.get(items.size() - 1);
    }

    private static void requireReversible(Value input) {
        if (input instanceof OneShot) {
            throw Fault.evaluation("'" + input.type() + "' object is not reversible");
        }
    }

    private static Value list(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("list");
        return ListValue.of(input.elements(evaluation.budget()), evaluation.budget());
    }

    private static Value reverse(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("reverse");
        Budget budget = evaluation.budget();
        List<Value> items = new ArrayList<>(input.elements(budget));
        Collections.reverse(items);
        if (input instanceof Text) {
            StringBuilder text = new StringBuilder();
            items.forEach(item -> text.append(item.text(budget)));
            return new Text(text.toString());
        }
        return OneShot.of("reversed", items, budget);
    }

    private static Value items(Value input, Arguments arguments, Evaluation evaluation) {
        arguments.bind("items");
        if (input instanceof Undefined) {
            return OneShot.generator(List.of(), evaluation.budget());
        }
        if (input instanceof Dict dict) {
            return OneShot.generator(dict.pairs(evaluation.budget()), evaluation.budget());
        }
        throw Fault.evaluation("can only get item pairs from a mapping, got '" + input.type() + "'");
    }

    /** Lists of a number of items each. */
    private static Value batch(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("batch", "linecount", "fill_with");
        bound.require("linecount");
        Budget budget = evaluation.budget();
        int size = bound.wholeNumber("linecount", 1);
        if (size < 1) {
            throw Fault.evaluation("batch() argument 'linecount': got " + size + ", expected at least 1");
        }
        List<Value> items = input.elements(budget);
        List<Value> batches = new ArrayList<>();
        for (int start = 0; start < items.size(); start += size) {
            List<Value> batch = new ArrayList<>(items.subList(start, Math.min(items.size() - start, size) + start));
            int missing = size - batch.size();
            bound.unlessNone("fill_with").ifPresent(fill -> {
                budget.gather(missing);
                batch.addAll(Collections.nCopies(missing, fill));
            });
            batches.add(ListValue.of(batch, budget));
        }
        return OneShot.generator(batches, budget);
    }

    /** A number of lists that share the items, the first ones the longer. */
    private static Value slice(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("slice", "slices", "fill_with");
        bound.require("slices");
        Budget budget = evaluation.budget();
        int count = bound.wholeNumber("slices", 1);
        if (count < 1) {
            throw Fault.evaluation("slice() argument 'slices': got " + count + ", expected at least 1");
        }
        budget.gather(count);
        List<Value> items = input.elements(budget);
        Optional<Value> fill = bound.unlessNone("fill_with");
        List<Value> slices = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < count; i++) {
            boolean longer = i < items.size() % count;
            int end = start + items.size() / count + (longer ? 1 : 0);
            List<Value> slice = new ArrayList<>(items.subList(start, end));
            if (!longer) {
                fill.ifPresent(slice::add);
            }
            slices.add(ListValue.of(slice, budget));
            start = end;
        }
        return OneShot.generator(slices, budget);
    }
}
