package org.dilort.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a macro. */
record Signature(List<Parameter> parameters) {

    /** A default is evaluated when it is needed and sees the parameters before it. */
    record Parameter(String name, Expression otherwise) {}

    /** Sets the parameters in the current scope. */
    void assign(String macro, Arguments arguments, Evaluation evaluation) {
        if (arguments.positional().size() > parameters.size()) {
            throw Fault.evaluation("macro '" + macro + "' takes not more than " + parameters.size() + " argument(s)");
        }
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Value value;
            if (i < arguments.positional().size()) {
                value = arguments.positional().get(i);
            } else if (named.containsKey(parameter.name())) {
                value = named.remove(parameter.name());
            } else {
                value = evaluation.evaluate(parameter.otherwise());
            }
            evaluation.scope().set(parameter.name(), value);
        }
        if (!named.isEmpty()) {
            String unknown = named.keySet().iterator().next();
            throw Fault.evaluation("macro '" + macro + "' takes no keyword argument '" + unknown + "'");
        }
    }
}
