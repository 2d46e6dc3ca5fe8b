package org.dilort.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dilort.template.Expression.Literal;

/** Reads what values are given to: the targets of {@code set}, {@code for} and {@code with}, and parameters. */
final class TargetParser {
    private static final String FOR = "'for'";
    private static final Set<String> CONSTANTS =
            Set.of("true", "True", "false", "False", "none", "None", "and", "else", "if", "in", "is", "not", "or");

    private final TokenStream tokens;
    private final ExpressionParser expressions;

    TargetParser(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Target setTarget() {
        return list("'set'", Namespaces.ALLOWED);
    }

    Target loopTarget() {
        return list(FOR, Namespaces.REFUSED);
    }

    Target withTarget() {
        return single("'with'", Namespaces.REFUSED);
    }

    private enum Namespaces {
        ALLOWED,
        REFUSED
    }

    /** Commas make a tuple, a last one too. */
    private Target list(String construct, Namespaces namespaces) {
        Target first = single(construct, namespaces);
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Target> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && (tokens.current().type() == Token.Type.NAME || tokens.isOperator("("))) {
            if (tokens.isName("in")) {
                break;
            }
            targets.add(single(construct, namespaces));
        }
        return new Target.ToTuple(targets);
    }

    private Target single(String construct, Namespaces namespaces) {
        if (tokens.skipOperator("(")) {
            tokens.enter(construct);
            Target inside = list(construct, namespaces);
            tokens.leave();
            tokens.expectOperator(construct, ")");
            return inside;
        }
        String name = name(construct);
        if (namespaces == Namespaces.ALLOWED && tokens.skipOperator(".")) {
            return new Target.ToAttribute(
                    name,
                    tokens.expect(construct, Token.Type.NAME, "an attribute's name")
                            .text());
        }
        return new Target.ToName(name);
    }

    private String name(String construct) {
        if (CONSTANTS.contains(tokens.current().text())) {
            throw tokens.unexpected(construct, "a name to assign to");
        }
        if (tokens.isName("loop") && construct.equals(FOR)) {
            throw tokens.error(construct, "'loop' cannot be assigned to");
        }
        return tokens.expect(construct, Token.Type.NAME, "a name to assign to").text();
    }

    /** Parameters in parentheses; a missing one is undefined. */
    Signature signature(String construct) {
        tokens.expectOperator(construct, "(");
        List<Signature.Parameter> parameters = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean defaults = false;
        while (!tokens.isOperator(")")) {
            int line = tokens.line();
            String name = name(construct);
            if (!names.add(name)) {
                throw tokens.error(construct, "parameter '" + name + "' is repeated");
            }
            boolean hasDefault = tokens.skipOperator("=");
            if (defaults && !hasDefault) {
                throw tokens.error(construct, "parameter '" + name + "' without a default behind one with a default");
            }
            defaults = hasDefault;
            Undefined missing = new Undefined("parameter '" + name + "' was not provided");
            parameters.add(
                    new Signature.Parameter(name, hasDefault ? expressions.expression() : new Literal(line, missing)));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        tokens.expectOperator(construct, ")");
        return new Signature(parameters);
    }
}
