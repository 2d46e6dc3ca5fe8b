package org.dilort.template;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Python's {@code str}: a row of code points. */
record Text(String value) implements Value {
    static final Text EMPTY = new Text("");

    /** A text that an operation made. */
    static Text of(String value, Budget budget) {
        budget.produce(value.length());
        return new Text(value);
    }

    @Override
    public String type() {
        return "str";
    }

    @Override
    public boolean truth() {
        return !value.isEmpty();
    }

    @Override
    public void repr(TextBuffer out) {
        out.append(Strings.repr(value));
    }

    @Override
    public void print(TextBuffer out) {
        out.append(value);
    }

    @Override
    public String text(Budget budget) {
        return value;
    }

    @Override
    public List<Value> elements(Budget budget) {
        budget.gather(value.length());
        return value.codePoints()
                .mapToObj(point -> (Value) new Text(Character.toString(point)))
                .toList();
    }

    @Override
    public int length() {
        return value.codePointCount(0, value.length());
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    @Override
    public Optional<Value> item(Value key, Budget budget) {
        budget.read(value.length());
        OptionalInt position = Sequence.position(key, length());
        if (position.isEmpty()) {
            return Optional.empty();
        }
        int at = value.offsetByCodePoints(0, position.getAsInt());
        return Optional.of(new Text(Character.toString(value.codePointAt(at))));
    }

    @Override
    public Optional<Value> attribute(String name) {
        return TextMethods.of(this, name);
    }

    @Override
    public boolean contains(Value wanted, Budget budget) {
        if (!(wanted instanceof Text text)) {
            throw Fault.evaluation("'in <string>' requires string as left operand, not " + wanted.type());
        }
        budget.search(value.length(), text.value.length());
        return value.contains(text.value);
    }

    @Override
    public boolean equalTo(Value other, Budget budget) {
        budget.read(value.length());
        return equals(other);
    }
}
