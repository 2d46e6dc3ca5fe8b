package org.dilort.onnx;

import java.util.List;
import java.util.Set;

/**
 * What an operator accepts and what it gives: the check that every node passes when it is made.
 *
 * @param maxInputs {@link Integer#MAX_VALUE} for variadic operators
 * @param attributes names that may be given
 * @param inference checks types and ranks, and gives the types of all outputs
 */
record Schema(String domain, String op, int minInputs, int maxInputs, Set<String> attributes, Inference inference) {
    static final String ONNX = "";
    static final String MICROSOFT = "com.microsoft";

    /** Types of the outputs of a call, or an exception that names it. */
    interface Inference {
        List<TensorType> infer(Call call);
    }

    Schema {
        attributes = Set.copyOf(attributes);
    }

    List<TensorType> check(Call call) {
        int count = call.inputs().size();
        if (count < minInputs || count > maxInputs) {
            String range = minInputs == maxInputs ? "" + minInputs : minInputs + " to " + maxInputs;
            throw call.failure("got " + count + " inputs, expected " + range);
        }
        for (String attribute : call.attributes().keySet()) {
            if (!attributes.contains(attribute)) {
                throw call.failure("unknown attribute " + attribute + ", expected one of "
                        + attributes.stream().sorted().toList());
            }
        }
        return inference.infer(call);
    }
}
