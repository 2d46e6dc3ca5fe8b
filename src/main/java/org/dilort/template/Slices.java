package org.dilort.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code value[start:stop:step]}. */
final class Slices {
    private Slices() {}

    static Value of(Value value, Value start, Value stop, Value step, Budget budget) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (value instanceof RangeValue) {
            throw Fault.unsupported("slices of a range");
        }
        requireBounds(start, stop, step);
        if (value instanceof Text text) {
            return Text.of(pick(text.value(), Positions.of(text.length(), start, stop, step)), budget);
        }
        if (value instanceof ListValue list) {
            return ListValue.of(pick(list.items(), Positions.of(list.length(), start, stop, step)), budget);
        }
        if (value instanceof TupleValue tuple) {
            return TupleValue.of(pick(tuple.items(), Positions.of(tuple.length(), start, stop, step)), budget);
        }
        throw Fault.evaluation("'" + value.type() + "' object has no slices");
    }

    private static void requireBounds(Value... bounds) {
        for (Value bound : bounds) {
            boolean whole = bound instanceof Numeric number && number.isWhole();
            if (!whole && !(bound instanceof None)) {
                throw Fault.evaluation("slice indices must be integers or None, got '" + bound.type() + "'");
            }
        }
    }

    private static String pick(String text, Positions positions) {
        if (positions.isRun()) {
            int from = text.offsetByCodePoints(0, (int) positions.from());
            return text.substring(from, text.offsetByCodePoints(from, positions.count()));
        }
        int[] points = text.codePoints().toArray();
        StringBuilder slice = new StringBuilder();
        for (int i = 0; i < positions.count(); i++) {
            slice.appendCodePoint(points[positions.get(i)]);
        }
        return slice.toString();
    }

    private static List<Value> pick(List<Value> items, Positions positions) {
        List<Value> picked = new ArrayList<>(positions.count());
        for (int i = 0; i < positions.count(); i++) {
            picked.add(items.get(positions.get(i)));
        }
        return picked;
    }

    /** {@code count} positions from one on. */
    private record Positions(long from, int count, long step) {

        static Positions of(int length, Value start, Value stop, Value step) {
            long by = step instanceof Numeric number ? clamped(number) : 1;
            if (by == 0) {
                throw Fault.evaluation("slice step cannot be zero");
            }
            long lowest = by < 0 ? -1 : 0;
            long highest = by < 0 ? length - 1 : length;
            long from =
                    start instanceof Numeric number ? within(number, length, lowest, highest) : by < 0 ? highest : 0;
            long to = stop instanceof Numeric number ? within(number, length, lowest, highest) : by < 0 ? -1 : highest;
            long distance = by < 0 ? from - to : to - from;
            long size = Math.abs(by);
            return new Positions(from, distance <= 0 ? 0 : (int) ((distance + size - 1) / size), by);
        }

        private static long within(Numeric bound, int length, long lowest, long highest) {
            long index = clamped(bound);
            return Math.max(lowest, Math.min(highest, index < 0 ? index + length : index));
        }

        private static long clamped(Numeric number) {
            return number.integer()
                    .max(BigInteger.valueOf(Integer.MIN_VALUE))
                    .min(BigInteger.valueOf(Integer.MAX_VALUE))
                    .longValue();
        }

        boolean isRun() {
            return step == 1 && count > 0;
        }

        int get(int i) {
            return (int) (from + i * step);
        }
    }
}
