package org.dilort.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A macro with the scope that it was defined in, which its body sees as it is when the macro is called.
 *
 * @param home that scope
 */
record Macro(String name, Signature signature, List<Statement> body, Scope home) implements Callable {
    static final String CALLER = "caller";

    @Override
    public String type() {
        return "Macro";
    }

    @Override
    public Value call(Arguments arguments, Evaluation evaluation) {
        Scope scope = home.inner();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        if (named.containsKey(CALLER)) {
            scope.set(CALLER, named.remove(CALLER));
        }
        Arguments own = new Arguments(arguments.positional(), named);
        evaluation.inScope(scope, () -> {
            signature.assign(name, own, evaluation);
            return scope;
        });
        return evaluation.capture(body, scope);
    }
}
