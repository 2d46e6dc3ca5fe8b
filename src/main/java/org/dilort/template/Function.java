package org.dilort.template;

/** A function of this program's, or a method bound to its value. */
record Function(String name, Body body) implements Callable {

    /** What the function does. */
    interface Body {
        Value call(Arguments arguments, Evaluation evaluation);
    }

    @Override
    public Value call(Arguments arguments, Evaluation evaluation) {
        return body.call(arguments, evaluation);
    }
}
