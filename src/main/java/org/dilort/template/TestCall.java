package org.dilort.template;

/** {@code input is name(arguments)}. */
record TestCall(int line, Expression input, String name, ValueTest test, CallArguments arguments)
        implements Expression {

    @Override
    public String construct() {
        return "test '" + name + "'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return Bool.of(test.test(evaluation.evaluate(input), arguments.evaluate(evaluation), evaluation));
    }
}
