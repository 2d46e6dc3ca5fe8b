package org.dilort.onnx;

import java.util.List;
import java.util.Map;

/**
 * A node as a file has it, unchecked.
 *
 * @param name the file's, or the operator's where it has none
 * @param domain {@code ""} for ONNX
 * @param inputs names of values; {@code ""} = left out
 * @param problem why the attributes cannot be read; empty = they can
 */
public record OnnxNode(
        String name,
        String domain,
        String op,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        String problem) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Map.copyOf(attributes);
    }

    /** Whether graphs here may hold such a node. */
    public boolean isKnown() {
        return Schemas.isKnown(domain, op);
    }

    public long integer(String attribute, long defaultValue) {
        return attributes.get(attribute) instanceof Attribute.IntValue found ? found.value() : defaultValue;
    }

    public double number(String attribute, double defaultValue) {
        return attributes.get(attribute) instanceof Attribute.FloatValue found ? found.value() : defaultValue;
    }

    public String text(String attribute, String defaultValue) {
        return attributes.get(attribute) instanceof Attribute.TextValue found ? found.value() : defaultValue;
    }

    /** The operator as messages name it. */
    public String operator() {
        return domain.isEmpty() ? op : domain + "::" + op;
    }

    @Override
    public String toString() {
        return "node " + name + " (" + operator() + ")";
    }
}
