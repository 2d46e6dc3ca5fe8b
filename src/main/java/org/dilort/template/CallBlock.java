package org.dilort.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code call(parameters) macro(arguments)}: the macro may call the body as {@code caller}. */
record CallBlock(int line, Signature signature, Call call, List<Statement> body) implements Statement {

    @Override
    public String construct() {
        return "'call' block";
    }

    @Override
    public Flow execute(Evaluation evaluation) {
        Value callee = evaluation.evaluate(call.callee());
        Arguments given = call.arguments().evaluate(evaluation);
        Map<String, Value> named = new LinkedHashMap<>(given.named());
        named.put(Macro.CALLER, new Macro(Macro.CALLER, signature, body, evaluation.scope()));
        Call.call(callee, new Arguments(given.positional(), named), evaluation).print(evaluation.out());
        return Flow.NEXT;
    }
}
