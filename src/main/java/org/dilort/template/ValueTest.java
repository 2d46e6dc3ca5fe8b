package org.dilort.template;

/** What stands behind an {@code is}. */
interface ValueTest {

    boolean test(Value input, Arguments arguments, Evaluation evaluation);
}
