package org.dilort.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands between the parentheses of a call. */
record CallArguments(List<Expression> positional, Map<String, Expression> named) {
    static final CallArguments NONE = new CallArguments(List.of(), Map.of());

    Arguments evaluate(Evaluation evaluation) {
        List<Value> values = new ArrayList<>(positional.size());
        positional.forEach(argument -> values.add(evaluation.evaluate(argument)));
        Map<String, Value> byName = new LinkedHashMap<>();
        named.forEach((name, argument) -> byName.put(name, evaluation.evaluate(argument)));
        return new Arguments(values, byName);
    }
}
