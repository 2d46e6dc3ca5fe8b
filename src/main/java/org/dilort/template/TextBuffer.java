package org.dilort.template;

/** A text that grows within a budget. */
final class TextBuffer {
    private final StringBuilder text = new StringBuilder();
    private final Budget budget;

    TextBuffer(Budget budget) {
        this.budget = budget;
    }

    TextBuffer append(String piece) {
        budget.requireLength((long) text.length() + piece.length());
        budget.produce(piece.length());
        text.append(piece);
        return this;
    }

    /** Every piece in turn, with the separator between them. */
    TextBuffer appendAll(Iterable<Value> values, String separator) {
        String before = "";
        for (Value value : values) {
            append(before);
            value.repr(this);
            before = separator;
        }
        return this;
    }

    Budget budget() {
        return budget;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
