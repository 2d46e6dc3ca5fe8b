package org.dilort.template;

import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** One rendering under way: where it is, what it has written, what it may still do. */
final class Evaluation {
    private final String template;
    private final Budget budget;
    private final Clock clock;
    private Scope scope;
    private TextBuffer out;

    Evaluation(String template, Budget budget, Clock clock, Scope scope) {
        this.template = template;
        this.budget = budget;
        this.clock = clock;
        this.scope = scope;
        this.out = new TextBuffer(budget);
    }

    Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    Scope scope() {
        return scope;
    }

    TextBuffer out() {
        return out;
    }

    Value evaluate(Expression expression) {
        try {
            budget.enter();
            return expression.evaluate(this);
        } catch (Fault fault) {
            throw fault.at(template, expression.line(), expression.construct());
        } finally {
            budget.leave();
        }
    }

    /** Runs statements until one of them leaves the loop's body. */
    Flow execute(List<Statement> statements) {
        for (Statement statement : statements) {
            Flow flow = execute(statement);
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow execute(Statement statement) {
        try {
            budget.enter();
            return statement.execute(this);
        } catch (Fault fault) {
            throw fault.at(template, statement.line(), statement.construct());
        } finally {
            budget.leave();
        }
    }

    <T> T inScope(Scope inner, Supplier<T> body) {
        Scope before = scope;
        scope = inner;
        try {
            return body.get();
        } finally {
            scope = before;
        }
    }

    /** What the statements write, in a scope of their own. */
    Text capture(List<Statement> statements, Scope inner) {
        TextBuffer before = out;
        out = new TextBuffer(budget);
        try {
            inScope(inner, () -> execute(statements));
            return new Text(out.toString());
        } finally {
            out = before;
        }
    }
}
