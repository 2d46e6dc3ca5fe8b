package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dilort.template.Comparison.Link;
import org.dilort.template.Expression.And;
import org.dilort.template.Expression.Concatenation;
import org.dilort.template.Expression.Conditional;
import org.dilort.template.Expression.Literal;
import org.dilort.template.Expression.Not;
import org.dilort.template.Expression.Or;
import org.dilort.template.Expression.TupleDisplay;

/** Reads expressions by the strength of their operators. */
final class ExpressionParser {
    private static final String CONSTRUCT = "expression";
    private static final Undefined NO_ELSE =
            new Undefined("the inline if-expression evaluated to false and no else section was defined.");

    private final TokenStream tokens;
    private final OperandParser operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new OperandParser(tokens, this);
    }

    /** Everything that may stand in an output: commas make a tuple. */
    Expression tupleOrExpression() {
        return tuple(expression());
    }

    /** Like {@link #tupleOrExpression}, without inline conditions: what a {@code for} goes through. */
    Expression tupleOrOperation() {
        Expression first = operation();
        return tuple(first);
    }

    private Expression tuple(Expression first) {
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !isTupleEnd()) {
            items.add(expression());
        }
        return new TupleDisplay(first.line(), items);
    }

    private boolean isTupleEnd() {
        Token.Type type = tokens.current().type();
        return type == Token.Type.EXPRESSION_END || type == Token.Type.STATEMENT_END || tokens.isOperator(")");
    }

    Expression expression() {
        Expression value = operation();
        while (tokens.isName("if")) {
            int line = tokens.next().line();
            Expression test = operation();
            value = new Conditional(line, test, value, otherwise(line));
        }
        return value;
    }

    private Expression otherwise(int line) {
        if (!tokens.skipName("else")) {
            return new Literal(line, NO_ELSE);
        }
        tokens.enter(CONSTRUCT);
        Expression otherwise = expression();
        tokens.leave();
        return otherwise;
    }

    /** An expression without inline conditions. */
    Expression operation() {
        return operation(Infix.OR);
    }

    private Expression operation(int strength) {
        tokens.enter(CONSTRUCT);
        Expression left = strength <= Infix.NOT && tokens.isName("not") ? negation() : operands.operand();
        Optional<Infix> infix = Infix.at(tokens);
        while (infix.isPresent() && infix.get().strength() >= strength) {
            left = joined(left, infix.get());
            infix = Infix.at(tokens);
        }
        tokens.leave();
        return left;
    }

    private Expression negation() {
        int line = tokens.next().line();
        return new Not(line, operation(Infix.NOT));
    }

    private Expression joined(Expression left, Infix infix) {
        if (infix instanceof Infix.Compare) {
            return comparison(left);
        }
        if (infix instanceof Infix.Concatenate) {
            return concatenation(left);
        }
        int line = tokens.next().line();
        Expression right = operation(infix.strength() + 1);
        if (infix instanceof Infix.Arithmetic arithmetic) {
            return new Arithmetical(line, arithmetic.operator(), left, right);
        }
        return infix.strength() == Infix.AND ? new And(line, left, right) : new Or(line, left, right);
    }

    private Expression comparison(Expression first) {
        int line = tokens.line();
        List<Link> links = new ArrayList<>();
        Optional<Infix> infix = Infix.at(tokens);
        while (infix.isPresent() && infix.get() instanceof Infix.Compare compare) {
            tokens.next();
            if (compare.comparator() == Comparison.Comparator.NOT_IN) {
                tokens.next();
            }
            links.add(new Link(compare.comparator(), operation(Infix.COMPARISON + 1)));
            infix = Infix.at(tokens);
        }
        return new Comparison(line, first, links);
    }

    private Expression concatenation(Expression first) {
        int line = tokens.line();
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            parts.add(operation(Infix.CONCATENATION + 1));
        }
        return new Concatenation(line, parts);
    }
}
