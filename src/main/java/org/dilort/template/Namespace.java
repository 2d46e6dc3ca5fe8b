package org.dilort.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Jinja's {@code namespace()}: the one value that a template can change. */
final class Namespace implements Value {
    private final Map<String, Value> attributes;

    Namespace(Map<String, Value> attributes) {
        this.attributes = new HashMap<>(attributes);
    }

    void set(String name, Value value) {
        attributes.put(name, value);
    }

    @Override
    public String type() {
        return "Namespace";
    }

    @Override
    public Optional<Value> attribute(String name) {
        return Optional.ofNullable(attributes.get(name));
    }
}
