package org.dilort.onnx;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an operator accepts and what it gives: the check that every node passes when it is made.
 *
 * @param gaps places of optional inputs in a file that are always left empty; a node's list of inputs has no such place
 * @param maxInputs {@link Integer#MAX_VALUE} for variadic operators
 * @param attributes names that may be given
 * @param inference checks types and ranks, and gives the types of all outputs
 */
record Schema(
        String domain,
        String op,
        int minInputs,
        int maxInputs,
        Set<Integer> gaps,
        Set<String> attributes,
        Inference inference) {
    static final String ONNX = "";
    static final String MICROSOFT = "com.microsoft";

    /** What an attribute holds; a name means the same in every operator here. */
    private static final Map<String, Class<? extends Attribute>> KINDS = Map.ofEntries(
            Map.entry("allowzero", Attribute.IntValue.class),
            Map.entry("alpha", Attribute.FloatValue.class),
            Map.entry("axis", Attribute.IntValue.class),
            Map.entry("beta", Attribute.FloatValue.class),
            Map.entry("K", Attribute.IntValue.class),
            Map.entry("N", Attribute.IntValue.class),
            Map.entry("bits", Attribute.IntValue.class),
            Map.entry("block_size", Attribute.IntValue.class),
            Map.entry("do_bias_correction", Attribute.IntValue.class),
            Map.entry("end", Attribute.IntValue.class),
            Map.entry("epsilon", Attribute.FloatValue.class),
            Map.entry("interleaved", Attribute.IntValue.class),
            Map.entry("keepdims", Attribute.IntValue.class),
            Map.entry("lambda", Attribute.FloatValue.class),
            Map.entry("largest", Attribute.IntValue.class),
            Map.entry("num_heads", Attribute.IntValue.class),
            Map.entry("perm", Attribute.IntsValue.class),
            Map.entry("reduction", Attribute.TextValue.class),
            Map.entry("rotary_embedding_dim", Attribute.IntValue.class),
            Map.entry("sorted", Attribute.IntValue.class),
            Map.entry("start", Attribute.IntValue.class),
            Map.entry("stash_type", Attribute.IntValue.class),
            Map.entry("to", Attribute.IntValue.class),
            Map.entry("transA", Attribute.IntValue.class),
            Map.entry("transB", Attribute.IntValue.class),
            Map.entry("upper", Attribute.IntValue.class),
            Map.entry("value", Attribute.TensorValue.class),
            Map.entry("weight_decay_mode", Attribute.IntValue.class));

    /** Types of the outputs of a call, or an exception that names it. */
    interface Inference {
        List<TensorType> infer(Call call);
    }

    Schema {
        gaps = Set.copyOf(gaps);
        attributes = Set.copyOf(attributes);
    }

    /** Without gaps. */
    Schema(String domain, String op, int minInputs, int maxInputs, Set<String> attributes, Inference inference) {
        this(domain, op, minInputs, maxInputs, Set.of(), attributes, inference);
    }

    List<TensorType> check(Call call) {
        int count = call.inputs().size();
        if (count < minInputs || count > maxInputs) {
            String range = minInputs == maxInputs ? "" + minInputs : minInputs + " to " + maxInputs;
            throw call.failure("got " + count + " inputs, expected " + range);
        }
        call.attributes().forEach((name, value) -> check(call, name, value));
        try {
            return inference.infer(call);
        } catch (ArithmeticException e) {
            throw call.failure("a dimension is out of range");
        }
    }

    private void check(Call call, String name, Attribute value) {
        if (!attributes.contains(name)) {
            throw call.failure("unknown attribute " + name + ", expected one of "
                    + attributes.stream().sorted().toList());
        }
        if (!KINDS.get(name).isInstance(value)) {
            throw call.failure("attribute " + name + " is " + value + ", expected "
                    + KINDS.get(name).getSimpleName());
        }
    }
}
