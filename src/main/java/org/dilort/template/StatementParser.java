package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dilort.template.Expression.Literal;
import org.dilort.template.Statement.FilterBlock;
import org.dilort.template.Statement.Generation;
import org.dilort.template.Statement.If;
import org.dilort.template.Statement.LoopControl;
import org.dilort.template.Statement.Print;
import org.dilort.template.Statement.SetBlock;
import org.dilort.template.Statement.TextOutput;
import org.dilort.template.Statement.With;

/** Reads a template's texts, outputs and statements. */
final class StatementParser {
    /** What Jinja2 has and this program does not. */
    private static final Set<String> UNSUPPORTED =
            Set.of("autoescape", "block", "do", "extends", "from", "import", "include", "print");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private final SuffixParser suffixes;
    private final TargetParser targets;
    private int loops;

    private StatementParser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
        this.suffixes = new SuffixParser(tokens, expressions, new OperandParser(tokens, expressions));
        this.targets = new TargetParser(tokens, expressions);
    }

    static List<Statement> parse(TokenStream tokens) {
        return new StatementParser(tokens).until("template", Set.of());
    }

    /** The statements up to one of the ends, at whose name the stream stands then. */
    private List<Statement> until(String construct, Set<String> ends) {
        tokens.enter(construct);
        List<Statement> statements = new ArrayList<>();
        while (tokens.current().type() != Token.Type.END) {
            Token token = tokens.next();
            switch (token.type()) {
                case DATA -> statements.add(new TextOutput(token.line(), token.text()));
                case EXPRESSION_BEGIN -> statements.add(output(token));
                default -> {
                    if (tokens.current().type() == Token.Type.NAME
                            && ends.contains(tokens.current().text())) {
                        tokens.leave();
                        return statements;
                    }
                    statements.add(statement(ends));
                    endTag(construct);
                }
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.unexpected(
                    construct,
                    "'" + String.join("' or '", ends.stream().sorted().toList()) + "'");
        }
        return statements;
    }

    private void endTag(String construct) {
        tokens.expect(construct, Token.Type.STATEMENT_END, "'%}'");
    }

    private Statement output(Token begin) {
        Expression expression = expressions.tupleOrExpression();
        tokens.expect("output", Token.Type.EXPRESSION_END, "'}}'");
        return new Print(begin.line(), expression);
    }

    private Statement statement(Set<String> ends) {
        Token name = tokens.expect("statement", Token.Type.NAME, "a statement's name");
        int line = name.line();
        return switch (name.text()) {
            case "if" -> ifStatement(line);
            case "for" -> forStatement(line);
            case "set" -> setStatement(line);
            case "with" -> withStatement(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> new FilterBlock(line, filterChain(), closed("filter"));
            case "generation" -> new Generation(line, closed("generation"));
            case "break" -> loopControl(line, Flow.BREAK);
            case "continue" -> loopControl(line, Flow.CONTINUE);
            default -> throw unknown(name, ends);
        };
    }

    private TemplateException unknown(Token name, Set<String> ends) {
        String construct = "statement '" + name.text() + "'";
        if (UNSUPPORTED.contains(name.text())) {
            return tokens.unsupported(name.line(), construct, "not supported");
        }
        String expected = ends.isEmpty()
                ? ""
                : ", expected '" + String.join("' or '", ends.stream().sorted().toList()) + "'";
        return tokens.unsupported(name.line(), construct, "no such statement here" + expected);
    }

    /** The body of a block up to its end; loops around it are out of reach. */
    private List<Statement> closed(String name) {
        int around = loops;
        loops = 0;
        List<Statement> body = body(name, "end" + name);
        loops = around;
        tokens.next();
        return body;
    }

    private List<Statement> body(String name, String... ends) {
        tokens.skipOperator(":");
        endTag("'" + name + "'");
        return until("'" + name + "'", Set.of(ends));
    }

    private Statement ifStatement(int line) {
        List<If.Branch> branches = new ArrayList<>();
        do {
            Expression test = expressions.tupleOrOperation();
            branches.add(new If.Branch(test, body("if", "elif", "else", "endif")));
        } while (tokens.skipName("elif"));
        List<Statement> otherwise = tokens.skipName("else") ? body("if", "endif") : List.of();
        tokens.next();
        return new If(line, branches, otherwise);
    }

    private Statement forStatement(int line) {
        Target target = targets.loopTarget();
        tokens.expectName("'for'", "in");
        Expression iterable = expressions.tupleOrOperation();
        Expression condition = tokens.skipName("if") ? expressions.expression() : new Literal(line, Bool.TRUE);
        if (tokens.isName("recursive")) {
            throw tokens.unsupported(tokens.line(), "'for'", "recursive loops are not supported");
        }
        loops++;
        List<Statement> body = body("for", "endfor", "else");
        loops--;
        List<Statement> otherwise = tokens.skipName("else") ? body("for", "endfor") : List.of();
        tokens.next();
        return new For(line, target, iterable, condition, body, otherwise);
    }

    private Statement loopControl(int line, Flow flow) {
        if (loops == 0) {
            String name = flow == Flow.BREAK ? "'break'" : "'continue'";
            throw tokens.error(name, "no loop around it in the same block");
        }
        return new LoopControl(line, flow);
    }

    private Statement setStatement(int line) {
        Target target = targets.setTarget();
        if (tokens.skipOperator("=")) {
            return new Statement.Set(line, target, expressions.tupleOrExpression());
        }
        FilterChain filters = tokens.skipOperator("|") ? filterChain() : FilterChain.NONE;
        return new SetBlock(line, target, filters, closed("set"));
    }

    private FilterChain filterChain() {
        List<FilterChain.Link> links = new ArrayList<>();
        do {
            links.add(suffixes.filter());
        } while (tokens.skipOperator("|"));
        return new FilterChain(links);
    }

    private Statement withStatement(int line) {
        List<With.Binding> bindings = new ArrayList<>();
        while (tokens.current().type() != Token.Type.STATEMENT_END && !tokens.isOperator(":")) {
            if (!bindings.isEmpty()) {
                tokens.expectOperator("'with'", ",");
            }
            Target target = targets.withTarget();
            tokens.expectOperator("'with'", "=");
            bindings.add(new With.Binding(target, expressions.expression()));
        }
        List<Statement> body = body("with", "endwith");
        tokens.next();
        return new With(line, bindings, body);
    }

    private Statement macro(int line) {
        Token name = tokens.expect("macro", Token.Type.NAME, "the macro's name");
        Signature signature = targets.signature("macro '" + name.text() + "'");
        return new MacroDefinition(line, name.text(), signature, closed("macro"));
    }

    private Statement callBlock(int line) {
        Signature signature = tokens.isOperator("(") ? targets.signature("'call'") : new Signature(List.of());
        if (expressions.expression() instanceof Call call) {
            return new CallBlock(line, signature, call, closed("call"));
        }
        throw tokens.error("'call'", "expected a call");
    }
}
