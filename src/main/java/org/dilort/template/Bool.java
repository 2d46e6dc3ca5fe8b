package org.dilort.template;

import java.math.BigInteger;

record Bool(boolean value) implements Numeric {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    @Override
    public String type() {
        return "bool";
    }

    @Override
    public boolean truth() {
        return value;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append(value ? "True" : "False");
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public BigInteger integer() {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    @Override
    public double real() {
        return value ? 1 : 0;
    }
}
