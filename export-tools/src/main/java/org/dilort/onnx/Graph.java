package org.dilort.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A finished graph: nodes in topological order, constants by name, and external weights. */
public record Graph(
        String name,
        List<Value> inputs,
        List<Value> outputs,
        Map<String, Tensor> constants,
        List<ExternalTensor> externals,
        List<Node> nodes) {
    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        externals = List.copyOf(externals);
        nodes = List.copyOf(nodes);
    }

    public Value input(String inputName) {
        return find(inputs, inputName, "input");
    }

    public Value output(String outputName) {
        return find(outputs, outputName, "output");
    }

    private Value find(List<Value> values, String wanted, String kind) {
        return values.stream()
                .filter(value -> value.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("graph " + name + " has no " + kind + " " + wanted
                        + "; it has " + values.stream().map(Value::name).toList()));
    }

    /** ONNX-like text, one line each input, node and output. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.add("graph " + name + "(" + inputs.stream().map(Value::toString).collect(Collectors.joining(", ")) + ")");
        constants.forEach((constant, tensor) -> lines.add("  %" + constant + " = constant " + tensor));
        externals.forEach(external ->
                lines.add("  " + external.value() + " = external " + external.location() + "@" + external.offset()));
        nodes.forEach(node -> lines.add("  " + node));
        lines.add(
                "  return " + outputs.stream().map(value -> "%" + value.name()).collect(Collectors.joining(", ")));
        return String.join("\n", lines);
    }
}
