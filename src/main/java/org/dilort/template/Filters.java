package org.dilort.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The filters by name. */
final class Filters {
    private static final Map<String, Filter> FILTERS = all();

    /** What Jinja2 has and this program does not. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "escape",
            "e",
            "filesizeformat",
            "forceescape",
            "groupby",
            "pprint",
            "random",
            "striptags",
            "urlencode",
            "urlize",
            "wordwrap",
            "xmlattr");

    private Filters() {}

    private static Map<String, Filter> all() {
        Map<String, Filter> filters = new HashMap<>();
        filters.putAll(TextFilters.FILTERS);
        filters.putAll(SequenceFilters.FILTERS);
        filters.putAll(OrderFilters.FILTERS);
        filters.putAll(SelectFilters.FILTERS);
        filters.putAll(NumberFilters.FILTERS);
        filters.put("default", Filters::defaulted);
        filters.put("d", Filters::defaulted);
        filters.put("attr", Filters::attribute);
        filters.put("tojson", JsonText::filter);
        return Map.copyOf(filters);
    }

    /** @throws Fault for a name that is not supported, or not known */
    static Filter named(String name) {
        Filter filter = FILTERS.get(name);
        if (filter != null) {
            return filter;
        }
        if (UNSUPPORTED.contains(name)) {
            throw Fault.unsupported("this filter is not supported");
        }
        throw Fault.unsupported("no such filter" + Names.suggest(name, FILTERS.keySet()));
    }

    static boolean has(String name) {
        return FILTERS.containsKey(name);
    }

    private static Value defaulted(Value input, Arguments arguments, Evaluation evaluation) {
        Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
        boolean missing = input instanceof Undefined || (bound.truth("boolean", false) && !input.truth());
        return missing ? bound.get("default_value").orElse(Text.EMPTY) : input;
    }

    private static Value attribute(Value input, Arguments arguments, Evaluation evaluation) {
        String name = arguments.bind("attr", "name").requireText("name");
        Optional<Value> attribute = input.attribute(name);
        return attribute.orElseGet(() -> Undefined.attribute(input, name));
    }
}
