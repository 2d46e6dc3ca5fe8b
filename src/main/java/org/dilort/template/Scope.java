package org.dilort.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names that can be seen at one place: its own, and those of the places around it. */
final class Scope {
    private final Map<String, Value> names = new HashMap<>();
    private final Scope outer;

    private Scope() {
        this.outer = this;
    }

    private Scope(Scope outer) {
        this.outer = outer;
    }

    static Scope root() {
        return new Scope();
    }

    Scope inner() {
        return new Scope(this);
    }

    void set(String name, Value value) {
        names.put(name, value);
    }

    Optional<Value> get(String name) {
        for (Scope scope = this; ; scope = scope.outer) {
            Value value = scope.names.get(name);
            if (value != null || scope.outer == scope) {
                return Optional.ofNullable(value);
            }
        }
    }
}
