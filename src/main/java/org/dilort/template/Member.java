package org.dilort.template;

/** {@code owner.name}: what the owner's type has under the name, else the owner's item of that key. */
record Member(int line, Expression owner, Text name) implements Expression {

    @Override
    public String construct() {
        return "'." + name.value() + "'";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return of(evaluation.evaluate(owner), name, evaluation.budget());
    }

    static Value of(Value owner, Text name, Budget budget) {
        return owner.attribute(name.value())
                .or(() -> owner.item(name, budget))
                .orElseGet(() -> Undefined.attribute(owner, name.value()));
    }
}
