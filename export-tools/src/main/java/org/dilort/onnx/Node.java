package org.dilort.onnx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One operator applied to values; made by {@link GraphBuilder}, which has checked it against its {@link Schema}.
 *
 * @param domain {@code ""} for ONNX, {@code com.microsoft} for ONNX Runtime's own
 * @param attributes in the order of their names
 */
public record Node(
        String name,
        String domain,
        String op,
        List<Value> inputs,
        List<Value> outputs,
        Map<String, Attribute> attributes) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }

    public Value input(int index) {
        return inputs.get(index);
    }

    public Value output(int index) {
        return outputs.get(index);
    }

    /** An integer attribute, or the operator's default. */
    public long integer(String attribute, long defaultValue) {
        return attributes.get(attribute) instanceof Attribute.IntValue found ? found.value() : defaultValue;
    }

    public double number(String attribute, double defaultValue) {
        return attributes.get(attribute) instanceof Attribute.FloatValue found ? found.value() : defaultValue;
    }

    public String text(String attribute, String defaultValue) {
        return attributes.get(attribute) instanceof Attribute.TextValue found ? found.value() : defaultValue;
    }

    public long[] integers(String attribute) {
        return attributes.get(attribute) instanceof Attribute.IntsValue found ? found.toArray() : new long[0];
    }

    /** {@code %y:float[2] = Transpose(%x) {perm=[1, 0]}}. */
    @Override
    public String toString() {
        String results = outputs.stream().map(Value::toString).collect(Collectors.joining(", "));
        String operands = inputs.stream().map(value -> "%" + value.name()).collect(Collectors.joining(", "));
        String prefix = domain.isEmpty() ? "" : domain + "::";
        String suffix = attributes.isEmpty() ? "" : " " + attributes;
        return results + " = " + prefix + op + "(" + operands + ")" + suffix;
    }
}
