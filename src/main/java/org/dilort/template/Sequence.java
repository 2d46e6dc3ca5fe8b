package org.dilort.template;

import java.util.List;
import java.util.OptionalInt;

/** What lists and tuples share. */
final class Sequence {
    private Sequence() {}

    static int depth(Iterable<? extends Value> items, Budget budget) {
        int deepest = 0;
        for (Value item : items) {
            deepest = Math.max(deepest, item.depth());
        }
        return budget.around(deepest);
    }

    static boolean equal(List<Value> a, List<Value> b, Budget budget) {
        budget.step();
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).equalTo(b.get(i), budget)) {
                return false;
            }
        }
        return true;
    }

    /** The position that a key names in a sequence of this length, counted from the end where it is negative. */
    static OptionalInt position(Value key, int length) {
        if (!(key instanceof Numeric number)
                || !number.isWhole()
                || number.integer().bitLength() > 31) {
            return OptionalInt.empty();
        }
        long index = number.integer().longValue();
        long position = index < 0 ? index + length : index;
        return position < 0 || position >= length ? OptionalInt.empty() : OptionalInt.of((int) position);
    }
}
