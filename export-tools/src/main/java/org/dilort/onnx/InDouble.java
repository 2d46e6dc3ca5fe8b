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
 * <p>It has none for Cos, which becomes Sin(x + pi / 2), nor for Atanh, which becomes log1p(u) / 2 with u = 2 x / (1 -
 * x), where log1p(u) is what Kahan makes of it: log(w) u / (w - 1) with w the rounded 1 + u, or u where that is 1. Its
 * Sigmoid has no digits left far below 0, and becomes 1 / (1 + e^-x).
 */
public final class InDouble {
    private static final Value ONE = new Value("in_double/one", new TensorType(DType.DOUBLE, Shape.SCALAR));
    private static final Value HALF = new Value("in_double/half", ONE.type());
    private static final Value QUARTER_TURN = new Value("in_double/quarter_turn", ONE.type());

    private InDouble() {}

    public static Graph of(Graph graph) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        graph.constants().forEach((name, tensor) -> constants.put(name, tensor(tensor)));
        constants.put(ONE.name(), Tensor.scalar(DType.DOUBLE, 1));
        constants.put(HALF.name(), Tensor.scalar(DType.DOUBLE, 0.5));
        constants.put(QUARTER_TURN.name(), Tensor.scalar(DType.DOUBLE, Math.PI / 2));
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node doubled = node(node);
            nodes.addAll(
                    switch (doubled.op()) {
                        case "Atanh" -> atanh(doubled);
                        case "Cos" -> cos(doubled);
                        case "Sigmoid" -> sigmoid(doubled);
                        default -> List.of(doubled);
                    });
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

    private static List<Node> sigmoid(Node node) {
        Chain chain = new Chain(node);
        Value e = chain.add("Exp", chain.add("Neg", node.input(0)));
        chain.addLast("Div", ONE, chain.add("Add", ONE, e));
        return chain.nodes;
    }

    private static List<Node> cos(Node node) {
        Chain chain = new Chain(node);
        chain.addLast("Sin", chain.add("Add", node.input(0), QUARTER_TURN));
        return chain.nodes;
    }

    private static List<Node> atanh(Node node) {
        Chain chain = new Chain(node);
        Value x = node.input(0);
        Value u = chain.add("Div", chain.add("Add", x, x), chain.add("Sub", ONE, x));
        Value w = chain.add("Add", ONE, u);
        Value rest = chain.add("Sub", w, ONE);
        Value isOne = chain.add("Equal", w, ONE);
        Value log1p = chain.add("Div", chain.add("Mul", chain.add("Log", w), u), rest);
        chain.addLast("Mul", chain.add("Where", isOne, u, log1p), HALF);
        return chain.nodes;
    }

    /** Nodes in the place of one, all of its shape. */
    private static final class Chain {
        private final Node replaced;
        private final List<Node> nodes = new ArrayList<>();

        Chain(Node replaced) {
            this.replaced = replaced;
        }

        Value add(String op, Value... operands) {
            String name = replaced.name() + "/" + nodes.size();
            DType dtype = op.equals("Equal") ? DType.BOOL : DType.DOUBLE;
            Value result = new Value(name, replaced.output(0).type().withDType(dtype));
            nodes.add(new Node(name, Schema.ONNX, op, List.of(operands), List.of(result), Map.of()));
            return result;
        }

        void addLast(String op, Value... operands) {
            nodes.add(new Node(replaced.name(), Schema.ONNX, op, List.of(operands), replaced.outputs(), Map.of()));
        }
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
