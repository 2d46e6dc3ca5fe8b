package org.dilort.template;

import java.util.List;

/**
 * What {@code keys()}, {@code values()} and {@code items()} of a dict give.
 *
 * @param type {@code dict_keys} and so on
 */
record View(String type, List<Value> items) implements Value {

    View {
        items = List.copyOf(items);
    }

    @Override
    public boolean truth() {
        return !items.isEmpty();
    }

    @Override
    public void repr(TextBuffer out) {
        out.append(type).append("([").appendAll(items, ", ").append("])");
    }

    @Override
    public List<Value> elements(Budget budget) {
        return items;
    }

    @Override
    public int length() {
        return items.size();
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    /** As deep as the tuples in it. */
    @Override
    public int depth() {
        return items.stream().mapToInt(Value::depth).max().orElse(0);
    }
}
