package org.dilort.template;

import java.util.List;

/** {@code macro name(parameters)}. */
record MacroDefinition(int line, String name, Signature signature, List<Statement> body) implements Statement {

    @Override
    public String construct() {
        return "macro '" + name + "'";
    }

    @Override
    public Flow execute(Evaluation evaluation) {
        evaluation.scope().set(name, new Macro(name, signature, body, evaluation.scope()));
        return Flow.NEXT;
    }
}
