package org.dilort.template;

/** {@code input | name(arguments)}. */
record FilterCall(int line, Expression input, String name, Filter filter, CallArguments arguments)
        implements Expression {

    @Override
    public String construct() {
        return "filter '" + name + "'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return filter.apply(evaluation.evaluate(input), arguments.evaluate(evaluation), evaluation);
    }
}
