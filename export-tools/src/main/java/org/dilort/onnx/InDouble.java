package org.dilort.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A graph with double in the place of float: the same formula with more digits, for the operators that ONNX Runtime has
 * double kernels for.
 *
 * <p>Atanh, which it has none for, becomes log((1 + x) / (1 - x)) / 2.
 */
public final class InDouble {
    private static final Value ONE = new Value("in_double/one", new TensorType(DType.DOUBLE, Shape.SCALAR));
    private static final Value HALF = new Value("in_double/half", ONE.type());

    private InDouble() {}

    public static Graph of(Graph graph) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> constants.put(name, tensor(tensor)));
        constants.put(ONE.name(), Tensor.scalar(DType.DOUBLE, 1));
        constants.put(HALF.name(), Tensor.scalar(DType.DOUBLE, 0.5));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node doubled = node(node);
            if (doubled.op().equals("Atanh")) {
                nodes.addAll(atanh(doubled));
            } else {
                nodes.add(doubled);
            }
        }
        return new Graph(
                graph.name(), values(graph.inputs()), values(graph.outputs()), constants, graph.externals(), nodes);
    }

    private static Node node(Node node) {
        Map<String, Attribute> attributes = new TreeMap<>(node.attributes());
        if (node.op().equals("Cast")) {
            DType to = DType.ofOnnx(node.integer("to", -1));
            attributes.put("to", Attribute.of(dtype(to).onnxNumber()));
        }
        if (node.op().equals("ConstantOfShape")) {
            Tensor filling = node.attributes().get("value") instanceof Attribute.TensorValue found
                    ? found.value()
                    : Tensor.of(DType.FLOAT, Shape.of(1), 0);
            attributes.put("value", Attribute.of(tensor(filling)));
        }
        return new Node(
                node.name(), node.domain(), node.op(), values(node.inputs()), values(node.outputs()), attributes);
    }

    private static List<Node> atanh(Node node) {
        Value x = node.input(0);
        Node above = step(node, "Add", ONE, x);
        Node below = step(node, "Sub", ONE, x);
        Node quotient = step(node, "Div", above.output(0), below.output(0));
        Node log = step(node, "Log", quotient.output(0));
        Node half = new Node(node.name(), Schema.ONNX, "Mul", List.of(log.output(0), HALF), node.outputs(), Map.of());
        return List.of(above, below, quotient, log, half);
    }

    private static Node step(Node node, String op, Value... operands) {
        String name = node.name() + "/" + op;
        Value result = new Value(name, node.output(0).type());
        return new Node(name, Schema.ONNX, op, List.of(operands), List.of(result), Map.of());
    }

    private static List<Value> values(List<Value> values) {
        return values.stream()
                .map(value -> new Value(value.name(), value.type().withDType(dtype(value.dtype()))))
                .toList();
    }

    private static Tensor tensor(Tensor tensor) {
        return tensor.dtype() == DType.FLOAT ? Tensor.of(DType.DOUBLE, tensor.shape(), tensor.toDoubles()) : tensor;
    }

    private static DType dtype(DType dtype) {
        return dtype == DType.FLOAT ? DType.DOUBLE : dtype;
    }
}
