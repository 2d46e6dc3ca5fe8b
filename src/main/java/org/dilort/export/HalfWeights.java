package org.dilort.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.NarrowProducts;
import org.dilort.onnx.Node;
import org.dilort.onnx.Value;

/**
 * A graph whose products take and give float16; its weights are stored so. A table of embeddings is looked up before it is made
 * wide, so that no float32 copy of it exists:
 *
 * <pre>
 * Gather(Cast[float](W), ids)   becomes   Cast[float](Gather(W, ids))
 * </pre>
 */
final class HalfWeights {
    private final Map<String, Value> halves = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private HalfWeights(Graph graph) {
        Set<String> stored = new HashSet<>();
        graph.externals().forEach(external -> stored.add(external.value().name()));
        for (Node node : graph.nodes()) {
            if (node.op().equals("Cast") && stored.contains(node.input(0).name())) {
                halves.put(node.output(0).name(), node.input(0));
            }
        }
    }

    static Graph apply(Graph graph) {
        HalfWeights pass = new HalfWeights(graph);
        graph.nodes().forEach(pass::add);
        Graph lookedUp = new Graph(
                graph.name(), graph.inputs(), graph.outputs(), graph.constants(), graph.externals(), pass.used());
        return NarrowProducts.of(lookedUp, DType.FLOAT16);
    }

    private void add(Node node) {
        if (!node.op().equals("Gather") || !halves.containsKey(node.input(0).name())) {
            nodes.add(node);
            return;
        }
        Value wide = node.output(0);
        Value half = new Value(wide.name() + "/float16", wide.type().withDType(DType.FLOAT16));
        List<Value> operands = new ArrayList<>(node.inputs());
        operands.set(0, halves.get(node.input(0).name()));
        nodes.add(new Node(node.name() + "/float16", "", "Gather", operands, List.of(half), node.attributes()));
        Map<String, Attribute> toFloat = Map.of("to", Attribute.of(DType.FLOAT.onnxNumber()));
        nodes.add(new Node(node.name(), "", "Cast", List.of(half), List.of(wide), toFloat));
    }

    /** Without casts of weights that nothing reads any more. */
    private List<Node> used() {
        Set<String> read = new HashSet<>();
        nodes.forEach(node -> node.inputs().forEach(input -> read.add(input.name())));
        return nodes.stream()
                .filter(node -> !halves.containsKey(node.output(0).name())
                        || read.contains(node.output(0).name()))
                .toList();
    }
}
