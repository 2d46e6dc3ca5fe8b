package org.dilort.template;

import java.util.ArrayList;
import java.util.List;

/** An attribute as filters take it: {@code 'a.b.0'}, or a number. */
record AttributePath(List<Value> parts) {

    static AttributePath of(Value attribute) {
        if (!(attribute instanceof Text text)) {
            return new AttributePath(List.of(attribute));
        }
        List<Value> parts = new ArrayList<>();
        for (String part : text.value().split("\\.", -1)) {
            boolean index =
                    !part.isEmpty() && part.length() < 10 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            parts.add(index ? Int.of(Integer.parseInt(part)) : new Text(part));
        }
        return new AttributePath(parts);
    }

    Value in(Value item, Budget budget) {
        Value value = item;
        for (Value part : parts) {
            value = Subscript.of(value, part, budget);
        }
        return value;
    }

    /** Like {@link #in}, with what stands for parts that are missing. */
    Value in(Value item, Value otherwise, Budget budget) {
        Value value = item;
        for (Value part : parts) {
            Value found = Subscript.of(value, part, budget);
            value = found instanceof Undefined ? otherwise : found;
        }
        return value;
    }
}
