package org.dilort.template;

import java.math.BigInteger;

/** A whole number of up to {@link #DIGITS} digits, which is where Python stops printing them. */
record Int(BigInteger value) implements Numeric {
    static final int DIGITS = 4300;
    private static final int BITS = (int) (DIGITS / Math.log10(2));

    Int {
        if (value.bitLength() > BITS) {
            throw Fault.limit("a number of more than " + DIGITS + " digits");
        }
    }

    static Int of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    @Override
    public String type() {
        return "int";
    }

    @Override
    public boolean truth() {
        return value.signum() != 0;
    }

    @Override
    public void repr(TextBuffer out) {
        out.append(value.toString());
    }

    @Override
    public boolean isWhole() {
        return true;
    }

    @Override
    public BigInteger integer() {
        return value;
    }

    @Override
    public double real() {
        return value.doubleValue();
    }
}
