package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Python's {@code range}; no longer than a sandbox of Jinja2 allows. */
record RangeValue(long start, long stop, long step) implements Value {
    private static final int MAX_LENGTH = 100_000;

    RangeValue {
        if (step == 0) {
            throw Fault.evaluation("range() arg 3 must not be zero");
        }
        if (count(start, stop, step) > MAX_LENGTH) {
            throw Fault.limit("a range of more than " + MAX_LENGTH + " numbers");
        }
    }

    private static long count(long start, long stop, long step) {
        long distance = step > 0 ? stop - start : start - stop;
        long size = Math.abs(step);
        return distance <= 0 ? 0 : (distance + size - 1) / size;
    }

    @Override
    public String type() {
        return "range";
    }

    @Override
    public boolean truth() {
        return length() > 0;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("range(" + start + ", " + stop + (step == 1 ? ")" : ", " + step + ")"));
    }

    @Override
    public List<Value> elements(Budget budget) {
        budget.gather(length());
        List<Value> numbers = new ArrayList<>(length());
        for (int i = 0; i < length(); i++) {
            numbers.add(Int.of(start + i * step));
        }
        return numbers;
    }

    @Override
    public int length() {
        return (int) count(start, stop, step);
    }

    @Override
    public boolean hasLength() {
        return true;
    }

    @Override
    public Optional<Value> item(Value key, Budget budget) {
        OptionalInt position = Sequence.position(key, length());
        return position.isPresent() ? Optional.of(Int.of(start + position.getAsInt() * step)) : Optional.empty();
    }
}
