package org.dilort.template;

/** Python's {@code None}, JSON's {@code null}. */
record None() implements Value {
    static final None NONE = new None();

    @Override
    public String type() {
        return "NoneType";
    }

    @Override
    public boolean truth() {
        return false;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append("None");
    }
}
