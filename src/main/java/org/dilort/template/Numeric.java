package org.dilort.template;

import java.math.BigInteger;

/** A number; Python counts truth values among them. */
sealed interface Numeric extends Value permits Bool, Int, Real {

    /** Whether {@link #integer} gives the number. */
    boolean isWhole();

    BigInteger integer();

    double real();

    @Override
    default boolean equalTo(Value other, Budget budget) {
        budget.step();
        return other instanceof Numeric number && Numbers.equal(this, number);
    }
}
