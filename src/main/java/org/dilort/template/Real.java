package org.dilort.template;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Python's {@code float}. */
record Real(double value) implements Numeric {

    @Override
    public String type() {
        return "float";
    }

    @Override
    public boolean truth() {
        return value != 0;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append(Numbers.repr(value));
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    /** The number without its fraction. */
    @Override
    public BigInteger integer() {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw Fault.evaluation("cannot convert float " + Numbers.repr(value) + " to integer");
        }
        return new BigDecimal(value).toBigInteger();
    }

    @Override
    public double real() {
        return value;
    }
}
