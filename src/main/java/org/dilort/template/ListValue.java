package org.dilort.template;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

record ListValue(List<Value> items, int depth) implements Value {

    ListValue {
        items = List.copyOf(items);
    }

    static ListValue of(List<Value> items, Budget budget) {
        budget.gather(items.size());
        return new ListValue(items, Sequence.depth(items, budget));
    }

    @Override
    public String type() {
        return "list";
    }

    @Override
    public boolean truth() {
        return !items.isEmpty();
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("[").appendAll(items, ", ").append("]");
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

    @Override
    public Optional<Value> item(Value key, Budget budget) {
        OptionalInt position = Sequence.position(key, items.size());
        return position.isPresent() ? Optional.of(items.get(position.getAsInt())) : Optional.empty();
    }

    @Override
    public Optional<Value> attribute(String name) {
        return SequenceMethods.ofList(this, name);
    }

    @Override
    public boolean equalTo(Value other, Budget budget) {
        return other instanceof ListValue list && Sequence.equal(items, list.items, budget);
    }
}
