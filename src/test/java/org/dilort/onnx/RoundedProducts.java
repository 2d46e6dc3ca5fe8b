package org.dilort.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph with bfloat16 values as a CPU can run it, which has no kernels for them: each operator works in float on rounded
 * operands, and its results are rounded. What a GPU gives differs in the order of sums alone.
 */
public final class RoundedProducts {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Value, Value> widened = new HashMap<>();

    private RoundedProducts() {}

    public static Graph of(Graph narrow) {
        RoundedProducts rounded = new RoundedProducts();
        narrow.nodes().forEach(rounded::add);
        return new Graph(
                narrow.name(),
                narrow.inputs(),
                narrow.outputs(),
                narrow.constants(),
                narrow.externals(),
                rounded.nodes);
    }

    private void add(Node node) {
        if (node.op().equals("Cast")) {
            nodes.add(node);
            return;
        }
        List<Value> inputs = node.inputs().stream().map(this::widened).toList();
        List<Value> outputs = new ArrayList<>();
        List<Node> casts = new ArrayList<>();
        for (Value output : node.outputs()) {
            Value wide = isNarrow(output) ? wide(output, "/unrounded") : output;
            outputs.add(wide);
            if (isNarrow(output)) {
                casts.add(cast(wide, output));
            }
        }
        nodes.add(new Node(node.name(), node.domain(), node.op(), inputs, outputs, node.attributes()));
        nodes.addAll(casts);
    }

    private Value widened(Value value) {
        return isNarrow(value)
                ? widened.computeIfAbsent(value, narrow -> {
                    Value wide = wide(narrow, "/widened");
                    nodes.add(cast(narrow, wide));
                    return wide;
                })
                : value;
    }

    private static boolean isNarrow(Value value) {
        return value.dtype() == DType.BFLOAT16;
    }

    private static Value wide(Value value, String suffix) {
        return new Value(value.name() + suffix, value.type().withDType(DType.FLOAT));
    }

    private static Node cast(Value from, Value to) {
        Map<String, Attribute> attributes = Map.of("to", Attribute.of(to.dtype().onnxNumber()));
        return new Node(to.name() + "/cast", Schema.ONNX, "Cast", List.of(from), List.of(to), attributes);
    }
}
