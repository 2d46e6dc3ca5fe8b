package org.dilort.template;

/** {@code owner[start:stop:step]}; a bound that is left out is the literal None. */
record Slice(int line, Expression owner, Expression start, Expression stop, Expression step) implements Expression {

    @Override
    public String construct() {
        return "slice";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return Slices.of(
                evaluation.evaluate(owner),
                evaluation.evaluate(start),
                evaluation.evaluate(stop),
                evaluation.evaluate(step),
                evaluation.budget());
    }
}
