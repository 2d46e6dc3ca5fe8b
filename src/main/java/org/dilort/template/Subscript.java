package org.dilort.template;

import java.util.Optional;

/** {@code owner[key]}: the owner's item, else what its type has under that name. */
record Subscript(int line, Expression owner, Expression key) implements Expression {

    @Override
    public String construct() {
        return "subscript";
    }

    @Override
    public Value evaluate(Evaluation evaluation) {
        return of(evaluation.evaluate(owner), evaluation.evaluate(key), evaluation.budget());
    }

    static Value of(Value owner, Value key, Budget budget) {
        return owner.item(key, budget)
                .or(() -> key instanceof Text name ? owner.attribute(name.value()) : Optional.empty())
                .orElseGet(() -> Undefined.element(owner, key));
    }
}
