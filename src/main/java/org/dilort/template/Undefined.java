package org.dilort.template;

import java.util.List;
import java.util.Optional;

/**
 * What a name, a key or an index stands for that is not there: prints as nothing, is false, has no elements; anything
 * else that is done with it is an error.
 *
 * @param reason the message of that error
 */
record Undefined(String reason) implements Value {

    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Value owner, String name) {
        return new Undefined("'" + owner.type() + " object' has no attribute '" + name + "'");
    }

    static Undefined element(Value owner, Value key) {
        if (key instanceof Text name) {
            return attribute(owner, name.value());
        }
        String shown = key instanceof Int number ? number.value().toString() : "of type '" + key.type() + "'";
        return new Undefined(owner.type() + " object has no element " + shown);
    }

    Fault fault() {
        return Fault.evaluation(reason);
    }

    @Override
    public String type() {
        return "Undefined";
    }

    @Override
    public boolean truth() {
        return false;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("Undefined");
    }

    @Override
    public void print(TextBuffer out) {}

    @Override
    public List<Value> elements(Budget budget) {
        return List.of();
    }

    @Override
    public int length() {
        return 0;
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    @Override
    public Optional<Value> item(Value key, Budget budget) {
        throw fault();
    }

    @Override
    public Optional<Value> attribute(String name) {
        throw fault();
    }

    @Override
    public boolean equalTo(Value other, Budget budget) {
        return other instanceof Undefined;
    }
}
