package org.dilort.template;

/** A minus or a plus before an operand. */
record Sign(int line, Kind kind, Expression operand) implements Expression {

    enum Kind {
        MINUS,
        PLUS
    }

    @Override
    public String construct() {
        return kind == Kind.MINUS ? "unary '-'" : "unary '+'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        Value value = evaluation.evaluate(operand);
        return kind == Kind.MINUS ? Arithmetic.negate(value) : Arithmetic.plus(value);
    }
}
