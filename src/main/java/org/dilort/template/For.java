package org.dilort.template;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code for target in iterable if condition}.
 *
 * @param condition the literal True where there is none
 * @param otherwise what runs when there is nothing to go through
 */
record For(
        int line,
        Target target,
        Expression iterable,
        Expression condition,
        List<Statement> body,
        List<Statement> otherwise)
        implements Statement {
    private static final String LOOP = "loop";

    @Override
    public String construct() {
        return "'for'";
    }

    @Override
    public Flow execute(Evaluation evaluation) {
        List<Value> items = items(evaluation);
        if (items.isEmpty()) {
            return evaluation.inScope(evaluation.scope().inner(), () -> evaluation.execute(otherwise));
        }
        LoopState loop = new LoopState(items);
        for (int i = 0; i < items.size(); i++) {
            loop.moveTo(i);
            Scope scope = evaluation.scope().inner();
            scope.set(LOOP, loop);
            Value item = items.get(i);
            Flow flow = evaluation.inScope(scope, () -> {
                target.assign(item, evaluation);
                return evaluation.execute(body);
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.NEXT;
    }

    private List<Value> items(Evaluation evaluation) {
        List<Value> items = evaluation.evaluate(iterable).elements(evaluation.budget());
        if (condition instanceof Expression.Literal always && always.value().truth()) {
            return items;
        }
        List<Value> kept = new ArrayList<>();
        for (Value item : items) {
            boolean keep = evaluation.inScope(evaluation.scope().inner(), () -> {
                target.assign(item, evaluation);
                return evaluation.evaluate(condition).truth();
            });
            if (keep) {
                kept.add(item);
            }
        }
        return kept;
    }
}
