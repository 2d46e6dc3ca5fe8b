package org.dilort.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.template.Expression.Literal;
import org.dilort.template.Expression.Not;

/** Reads what stands behind an operand: attributes, subscripts, calls, filters and tests. */
final class SuffixParser {
    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final OperandParser operands;

    SuffixParser(TokenStream tokens, ExpressionParser expressions, OperandParser operands) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.operands = operands;
    }

    Expression postfix(Expression operand) {
        Expression result = operand;
        while (true) {
            if (tokens.isOperator(".")) {
                result = member(result);
            } else if (tokens.isOperator("[")) {
                result = subscript(result);
            } else if (tokens.isOperator("(")) {
                result = new Call(tokens.line(), result, arguments());
            } else {
                return result;
            }
        }
    }

    Expression filters(Expression operand) {
        Expression result = operand;
        while (true) {
            if (tokens.isOperator("|")) {
                tokens.next();
                FilterChain.Link link = filter();
                result = new FilterCall(link.line(), result, link.name(), link.filter(), link.arguments());
            } else if (tokens.isName("is")) {
                result = test(result);
            } else if (tokens.isOperator("(")) {
                result = new Call(tokens.line(), result, arguments());
            } else {
                return result;
            }
        }
    }

    private Expression member(Expression owner) {
        int line = tokens.next().line();
        if (tokens.current().type() == Token.Type.INTEGER) {
            Value index = new Int(new BigInteger(tokens.next().text()));
            return new Subscript(line, owner, new Literal(line, index));
        }
        Token name = tokens.expect("'.'", Token.Type.NAME, "a name or a number");
        return new Member(line, owner, new Text(name.text()));
    }

    private Expression subscript(Expression owner) {
        int line = tokens.next().line();
        Literal none = new Literal(line, None.NONE);
        Expression start = tokens.isOperator(":") ? none : expressions.expression();
        if (!tokens.skipOperator(":")) {
            tokens.expectOperator("subscript", "]");
            return new Subscript(line, owner, start);
        }
        Expression stop = isBoundEnd() ? none : expressions.expression();
        Expression step = tokens.skipOperator(":") && !isBoundEnd() ? expressions.expression() : none;
        tokens.expectOperator("slice", "]");
        return new Slice(line, owner, start, stop, step);
    }

    private boolean isBoundEnd() {
        return tokens.isOperator(":") || tokens.isOperator("]");
    }

    /** The filter that the current name begins. */
    FilterChain.Link filter() {
        Token name = tokens.expect("filter", Token.Type.NAME, "a filter's name");
        try {
            Filter filter = Filters.named(name.text());
            CallArguments arguments = tokens.isOperator("(") ? arguments() : CallArguments.NONE;
            return new FilterChain.Link(name.line(), name.text(), filter, arguments);
        } catch (Fault fault) {
            throw tokens.at(name.line(), "filter '" + name.text() + "'", fault);
        }
    }

    private Expression test(Expression input) {
        int line = tokens.next().line();
        boolean negated = tokens.skipName("not");
        Token name = tokens.expect("test", Token.Type.NAME, "a test's name");
        TestCall test = new TestCall(line, input, name.text(), named(name), testArguments());
        return negated ? new Not(line, test) : test;
    }

    private ValueTest named(Token name) {
        try {
            return Tests.named(name.text());
        } catch (Fault fault) {
            throw tokens.at(name.line(), "test '" + name.text() + "'", fault);
        }
    }

    private CallArguments testArguments() {
        if (tokens.isOperator("(")) {
            return arguments();
        }
        if (tokens.isName("is")) {
            throw tokens.error("test", "tests cannot be chained with 'is'");
        }
        if (!operands.beginsPrimary()) {
            return CallArguments.NONE;
        }
        return new CallArguments(List.of(postfix(operands.primary())), Map.of());
    }

    CallArguments arguments() {
        tokens.enter("call");
        tokens.next();
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.isOperator(")")) {
            argument(positional, named);
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("call", ")");
        tokens.leave();
        return new CallArguments(positional, named);
    }

    private void argument(List<Expression> positional, Map<String, Expression> named) {
        if (tokens.isOperator("*") || tokens.isOperator("**")) {
            throw tokens.unsupported(
                    tokens.line(), "call", "'" + tokens.current().text() + "' before an argument");
        }
        if (!tokens.isNameBefore("=")) {
            if (!named.isEmpty()) {
                throw tokens.error("call", "a positional argument behind a named one");
            }
            positional.add(expressions.expression());
            return;
        }
        String name = tokens.next().text();
        tokens.next();
        if (named.put(name, expressions.expression()) != null) {
            throw tokens.error("call", "argument '" + name + "' is repeated");
        }
    }
}
