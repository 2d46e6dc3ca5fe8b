package org.dilort.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Python's {@code dict}: in the order in which its keys came.
 *
 * @param entries by what Python's hash tells apart: {@code 1}, {@code 1.0} and {@code True} are one key
 */
record Dict(Map<Object, Entry> entries, int depth) implements Value {

    /** What is not there is one key, whatever it would have been. */
    private static final Undefined UNDEFINED = new Undefined("");

    record Entry(Value key, Value value) {}

    Dict {
        entries = Collections.unmodifiableMap(entries);
    }

    static Dict of(List<Entry> entries, Budget budget) {
        budget.gather(entries.size());
        Map<Object, Entry> map = new LinkedHashMap<>();
        int deepest = 0;
        for (Entry entry : entries) {
            Entry before = map.get(hashed(entry.key()));
            Value key = before == null ? entry.key() : before.key();
            map.put(hashed(key), new Entry(key, entry.value()));
            deepest = Math.max(
                    deepest, Math.max(entry.key().depth(), entry.value().depth()));
        }
        return new Dict(map, budget.around(deepest));
    }

    static Dict ofNames(Map<String, Value> names, Budget budget) {
        List<Entry> entries = new ArrayList<>();
        names.forEach((name, value) -> entries.add(new Entry(new Text(name), value)));
        return of(entries, budget);
    }

    /** What a key is filed under. */
    static Object hashed(Value key) {
        if (key instanceof Text text) {
            return text.value();
        }
        if (key instanceof Real real && Double.isFinite(real.value()) && real.value() == Math.rint(real.value())) {
            return new BigDecimal(real.value()).toBigInteger();
        }
        if (key instanceof Real real) {
            return real.value();
        }
        if (key instanceof Numeric number) {
            return number.integer();
        }
        if (key instanceof TupleValue tuple) {
            return tuple.items().stream().map(Dict::hashed).toList();
        }
        if (key instanceof None) {
            return key;
        }
        if (key instanceof Undefined) {
            return UNDEFINED;
        }
        throw Fault.evaluation("unhashable type: '" + key.type() + "'");
    }

    private static boolean isHashable(Value key) {
        return key instanceof Text
                || key instanceof Numeric
                || key instanceof None
                || (key instanceof TupleValue tuple && tuple.items().stream().allMatch(Dict::isHashable));
    }

    Optional<Value> get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    @Override
    public String type() {
        return "dict";
    }

    @Override
    public boolean truth() {
        return !entries.isEmpty();
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("{");
        String before = "";
        for (Entry entry : entries.values()) {
            out.append(before);
            entry.key().repr(out);
            out.append(": ");
            entry.value().repr(out);
            before = ", ";
        }
        out.append("}");
    }

    @Override
    public List<Value> elements(Budget budget) {
        budget.gather(entries.size());
        return entries.values().stream().map(Entry::key).toList();
    }

    List<Value> values(Budget budget) {
        budget.gather(entries.size());
        return entries.values().stream().map(Entry::value).toList();
    }

    /** Tuples of key and value. */
    List<Value> pairs(Budget budget) {
        List<Value> pairs = new ArrayList<>();
        for (Entry entry : entries.values()) {
            pairs.add(TupleValue.of(List.of(entry.key(), entry.value()), budget));
        }
        return pairs;
    }

    @Override
    public int length() {
        return entries.size();
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    @Override
    public Optional<Value> item(Value key, Budget budget) {
        if (key instanceof Text text) {
            return get(text.value());
        }
        Entry entry = isHashable(key) ? entries.get(hashed(key)) : null;
        return entry == null ? Optional.empty() : Optional.of(entry.value());
    }

    @Override
    public Optional<Value> attribute(String name) {
        return DictMethods.of(this, name);
    }

    @Override
    public boolean contains(Value wanted, Budget budget) {
        budget.step();
        return entries.containsKey(hashed(wanted));
    }

    @Override
    public boolean equalTo(Value other, Budget budget) {
        budget.step();
        if (!(other instanceof Dict dict) || dict.entries.size() != entries.size()) {
            return false;
        }
        for (Map.Entry<Object, Entry> entry : entries.entrySet()) {
            Entry theirs = dict.entries.get(entry.getKey());
            if (theirs == null || !entry.getValue().value().equalTo(theirs.value(), budget)) {
                return false;
            }
        }
        return true;
    }
}
