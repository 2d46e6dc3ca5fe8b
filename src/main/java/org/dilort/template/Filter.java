package org.dilort.template;

/** What stands behind a {@code |}. */
interface Filter {

    Value apply(Value input, Arguments arguments, Evaluation evaluation);
}
