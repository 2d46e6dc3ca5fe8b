package org.dilort.export;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Value;

/**
 * {@code y = f(x); output = Identity(y) -> output = f(x)}: spares a copy of every output, in a decoder of the whole cache
 * for every token.
 */
final class DirectOutputs {
    private static final String IDENTITY = "Identity";

    private final Map<String, String> renamed = new HashMap<>();

    private DirectOutputs(Graph graph) {
        Set<String> outputs = new HashSet<>();
        graph.outputs().forEach(output -> outputs.add(output.name()));
        Set<String> produced = new HashSet<>();
        for (Node node : graph.nodes()) {
            boolean copiesToOutput = node.op().equals(IDENTITY)
                    && outputs.contains(node.output(0).name())
                    && !outputs.contains(node.input(0).name());
            if (copiesToOutput && produced.contains(node.input(0).name())) {
                renamed.putIfAbsent(node.input(0).name(), node.output(0).name());
            }
            node.outputs().forEach(output -> produced.add(output.name()));
        }
    }

    static Graph apply(Graph graph) {
        DirectOutputs pass = new DirectOutputs(graph);
        List<Node> nodes = graph.nodes().stream()
                .filter(node -> !pass.isSpared(node))
                .map(pass::rename)
                .toList();
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.constants(), graph.externals(), nodes);
    }

    private boolean isSpared(Node node) {
        return node.op().equals(IDENTITY)
                && node.output(0).name().equals(renamed.get(node.input(0).name()));
    }

    private Node rename(Node node) {
        return new Node(
                node.name(),
                node.domain(),
                node.op(),
                node.inputs().stream().map(this::rename).toList(),
                node.outputs().stream().map(this::rename).toList(),
                node.attributes());
    }

    private Value rename(Value value) {
        return new Value(renamed.getOrDefault(value.name(), value.name()), value.type());
    }
}
