package org.dilort.template;

import java.util.List;
import java.util.Optional;

/**
 * What templates compute with: the values of JSON, and the few more that Jinja2 has. Each does what its namesake in
 * Python does where that can be seen.
 */
sealed interface Value
        permits Undefined,
                None,
                Numeric,
                Text,
                ListValue,
                TupleValue,
                Dict,
                RangeValue,
                View,
                OneShot,
                Namespace,
                LoopState,
                Callable {

    /** Python's name of the type, as error messages have it. */
    String type();

    default boolean truth() {
        return true;
    }

    /** Python's {@code repr}. */
    default void repr(TextBuffer out) {
        throw Fault.evaluation("'" + type() + "' object has no text");
    }

    /** Python's {@code str}. */
    default void print(TextBuffer out) {
        repr(out);
    }

    /** What a loop over this value goes through. */
    default List<Value> elements(Budget budget) {
        throw Fault.evaluation("'" + type() + "' object is not iterable");
    }

    default int length() {
        throw Fault.evaluation("object of type '" + type() + "' has no len()");
    }

    /** Whether {@link #length} gives a number. */
    default boolean hasLength() {
        return false;
    }

    /** What stands in brackets behind the value. */
    default Optional<Value> item(Value key, Budget budget) {
        return Optional.empty();
    }

    /** What Python's type has under a name: methods, mostly. */
    default Optional<Value> attribute(String name) {
        return Optional.empty();
    }

    default boolean contains(Value wanted, Budget budget) {
        for (Value element : elements(budget)) {
            if (element.equalTo(wanted, budget)) {
                return true;
            }
        }
        return false;
    }

    default boolean equalTo(Value other, Budget budget) {
        budget.step();
        return equals(other);
    }

    /** Values inside each other, this one included; scalars have 0. */
    default int depth() {
        return 0;
    }

    /** Python's {@code str} as a text of its own. */
    default String text(Budget budget) {
        TextBuffer buffer = new TextBuffer(budget);
        print(buffer);
        return buffer.toString();
    }
}
