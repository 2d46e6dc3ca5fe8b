package org.dilort.template;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON as a template sees it. */
final class Values {
    private final Budget budget;
    private int nesting;

    Values(Budget budget) {
        this.budget = budget;
    }

    Value of(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> None.NONE;
            case BOOLEAN -> Bool.of(node.booleanValue());
            case NUMBER -> number(node);
            case STRING -> Text.of(node.textValue(), budget);
            case ARRAY, OBJECT -> container(node);
            case BINARY, POJO -> throw Fault.evaluation("a value that is not JSON");
        };
    }

    private static Value number(JsonNode node) {
        return node.isIntegralNumber() ? new Int(node.bigIntegerValue()) : new Real(node.doubleValue());
    }

    private Value container(JsonNode node) {
        budget.around(nesting++);
        Value value = node.isArray() ? list(node) : dict(node);
        nesting--;
        return value;
    }

    private Value list(JsonNode node) {
        List<Value> items = new ArrayList<>(node.size());
        node.forEach(item -> items.add(of(item)));
        return ListValue.of(items, budget);
    }

    private Value dict(JsonNode node) {
        List<Dict.Entry> entries = new ArrayList<>(node.size());
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            entries.add(new Dict.Entry(new Text(field.getKey()), of(field.getValue())));
        }
        return Dict.of(entries, budget);
    }
}
