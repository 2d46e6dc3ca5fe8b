package org.dilort.template;

/** What parentheses may stand behind. */
sealed interface Callable extends Value permits Function, Macro {

    Value call(Arguments arguments, Evaluation evaluation);

    @Override
    default String type() {
        return "function";
    }
}
