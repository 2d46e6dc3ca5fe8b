package org.dilort.template;

import java.util.List;
import org.dilort.template.TemplateException.Kind;

/** The tokens of a template, one after the other, and the errors of those that read them. */
final class TokenStream {
    private final String template;
    private final List<Token> tokens;
    private final int nestingLimit;
    private int at;
    private int nesting;

    TokenStream(String template, List<Token> tokens, int nestingLimit) {
        this.template = template;
        this.tokens = List.copyOf(tokens);
        this.nestingLimit = nestingLimit;
    }

    Token current() {
        return tokens.get(at);
    }

    private Token following() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    int line() {
        return current().line();
    }

    /** The current token, behind which the stream stands then; the end is never passed. */
    Token next() {
        Token token = current();
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    boolean isOperator(String operator) {
        return current().is(Token.Type.OPERATOR, operator);
    }

    boolean isName(String name) {
        return current().is(Token.Type.NAME, name);
    }

    boolean isNameBefore(String operator) {
        return current().type() == Token.Type.NAME && following().is(Token.Type.OPERATOR, operator);
    }

    boolean areNames(String first, String second) {
        return isName(first) && following().is(Token.Type.NAME, second);
    }

    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            next();
        }
        return found;
    }

    void expectOperator(String construct, String operator) {
        if (!skipOperator(operator)) {
            throw unexpected(construct, "'" + operator + "'");
        }
    }

    void expectName(String construct, String name) {
        if (!skipName(name)) {
            throw unexpected(construct, "'" + name + "'");
        }
    }

    Token expect(String construct, Token.Type type, String expected) {
        if (current().type() != type) {
            throw unexpected(construct, expected);
        }
        return next();
    }

    /** Goes one level down in the source; {@link #leave} goes up again. */
    void enter(String construct) {
        if (++nesting > nestingLimit) {
            throw new TemplateException(
                    Kind.LIMIT, template, line(), construct, "nested deeper than " + nestingLimit + " levels");
        }
    }

    void leave() {
        nesting--;
    }

    TemplateException unexpected(String construct, String expected) {
        return error(construct, "got " + current().describe() + ", expected " + expected);
    }

    TemplateException error(String construct, String message) {
        return new TemplateException(Kind.SYNTAX, template, line(), construct, message);
    }

    TemplateException unsupported(int line, String construct, String message) {
        return new TemplateException(Kind.UNSUPPORTED, template, line, construct, message);
    }

    /** Adds the place to what has none. */
    TemplateException at(int line, String construct, Fault fault) {
        return fault.at(template, line, construct);
    }
}
