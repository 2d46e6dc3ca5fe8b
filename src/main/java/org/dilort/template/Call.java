package org.dilort.template;

/** {@code callee(arguments)}. */
record Call(int line, Expression callee, CallArguments arguments) implements Expression {

    @Override
    public String construct() {
        return callee instanceof Call ? "call" : "call of " + callee.construct();
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return call(evaluation.evaluate(callee), arguments.evaluate(evaluation), evaluation);
    }

    static Value call(Value callee, Arguments arguments, Evaluation evaluation) {
        if (callee instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (callee instanceof Callable callable) {
            return callable.call(arguments, evaluation);
        }
        if (callee instanceof LoopState) {
            throw Fault.unsupported("recursive loops");
        }
        throw Fault.evaluation("'" + callee.type() + "' object is not callable");
    }
}
