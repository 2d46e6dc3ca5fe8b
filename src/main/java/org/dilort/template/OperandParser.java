package org.dilort.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dilort.template.Expression.DictDisplay;
import org.dilort.template.Expression.ListDisplay;
import org.dilort.template.Expression.Literal;
import org.dilort.template.Expression.Name;
import org.dilort.template.Expression.TupleDisplay;

/** Reads what stands between operators: literals, names, brackets, and the signs before them. */
final class OperandParser {
    private static final String CONSTRUCT = "expression";
    private static final Set<String> KEYWORDS = Set.of("and", "else", "if", "in", "is", "not", "or");
    private static final Set<String> MACRO_NAMES = Set.of("varargs", "kwargs");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final SuffixParser suffixes;

    OperandParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
        this.suffixes = new SuffixParser(tokens, expressions, this);
    }

    /** An operand with everything that stands behind it; filters and tests apply to its sign too. */
    Expression operand() {
        return suffixes.filters(signed());
    }

    private Expression signed() {
        boolean minus = tokens.isOperator("-");
        if (!minus && !tokens.isOperator("+")) {
            return suffixes.postfix(primary());
        }
        tokens.enter(CONSTRUCT);
        int line = tokens.next().line();
        Expression operand = signed();
        tokens.leave();
        return new Sign(line, minus ? Sign.Kind.MINUS : Sign.Kind.PLUS, operand);
    }

    /** An operand without sign and filters: the argument of a test without parentheses. */
    Expression primary() {
        Token token = tokens.current();
        return switch (token.type()) {
            case NAME -> name();
            case STRING -> string();
            case INTEGER ->
                new Literal(token.line(), new Int(new BigInteger(tokens.next().text())));
            case FLOAT ->
                new Literal(
                        token.line(), new Real(Double.parseDouble(tokens.next().text())));
            case OPERATOR -> bracket(token);
            default -> throw tokens.unexpected(CONSTRUCT, "an expression");
        };
    }

    boolean beginsPrimary() {
        Token token = tokens.current();
        return switch (token.type()) {
            case NAME -> !KEYWORDS.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> Set.of("(", "[", "{").contains(token.text());
            default -> false;
        };
    }

    private Expression name() {
        Token token = tokens.current();
        if (KEYWORDS.contains(token.text())) {
            throw tokens.unexpected(CONSTRUCT, "an expression");
        }
        tokens.next();
        return switch (token.text()) {
            case "true", "True" -> new Literal(token.line(), Bool.TRUE);
            case "false", "False" -> new Literal(token.line(), Bool.FALSE);
            case "none", "None" -> new Literal(token.line(), None.NONE);
            default -> variable(token);
        };
    }

    private Expression variable(Token token) {
        boolean called = tokens.isOperator("(") && Functions.UNSUPPORTED.contains(token.text());
        if (called || MACRO_NAMES.contains(token.text())) {
            throw tokens.unsupported(token.line(), "'" + token.text() + "'", "not supported");
        }
        return new Name(token.line(), token.text());
    }

    /** Strings beside each other are one. */
    private Expression string() {
        int line = tokens.line();
        StringBuilder text = new StringBuilder();
        while (tokens.current().type() == Token.Type.STRING) {
            text.append(tokens.next().text());
        }
        return new Literal(line, new Text(text.toString()));
    }

    private Expression bracket(Token token) {
        return switch (token.text()) {
            case "(" -> parentheses();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected(CONSTRUCT, "an expression");
        };
    }

    private Expression parentheses() {
        int line = tokens.next().line();
        if (tokens.skipOperator(")")) {
            return new TupleDisplay(line, List.of());
        }
        Expression inside = expressions.tupleOrExpression();
        tokens.expectOperator(CONSTRUCT, ")");
        return inside;
    }

    private Expression list() {
        int line = tokens.next().line();
        List<Expression> items = new ArrayList<>();
        while (!tokens.isOperator("]")) {
            items.add(expressions.expression());
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("list", "]");
        return new ListDisplay(line, items);
    }

    private Expression dict() {
        int line = tokens.next().line();
        List<DictDisplay.Item> items = new ArrayList<>();
        while (!tokens.isOperator("}")) {
            Expression key = expressions.expression();
            tokens.expectOperator("dict", ":");
            items.add(new DictDisplay.Item(key, expressions.expression()));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator("dict", "}");
        return new DictDisplay(line, items);
    }
}
