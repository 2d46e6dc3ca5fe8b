package org.dilort.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/**
 * {@code SimplifiedLayerNormalization(x, scale) -> x / Sqrt(ReduceMean(Pow(x, 2)) + epsilon) * scale}.
 *
 * <p>The fused operator stands in ONNX's own domain without being one of its operators, so that the ONNX checker and
 * other runtimes refuse a file that has it. ONNX Runtime fuses this form again when it loads it.
 */
final class PortableNorms {
    private static final String FUSED = "SimplifiedLayerNormalization";
    private static final String TWO = "norm/two";
    private static final String LAST_AXIS = "norm/last_axis";

    private final Map<String, Tensor> constants;
    private final List<Node> nodes = new ArrayList<>();

    private PortableNorms(Map<String, Tensor> constants) {
        this.constants = new LinkedHashMap<>(constants);
    }

    static Graph apply(Graph graph) {
        PortableNorms pass = new PortableNorms(graph.constants());
        for (Node node : graph.nodes()) {
            if (node.op().equals(FUSED)) {
                pass.expand(node);
            } else {
                pass.nodes.add(node);
            }
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), pass.constants, graph.externals(), pass.nodes);
    }

    private void expand(Node norm) {
        Value x = norm.input(0);
        TensorType mean = x.type().withShape(x.shape().with(-1, Dim.ONE));
        double epsilon = norm.number("epsilon", 1e-5);
        Value two = constant(TWO, Tensor.scalar(DType.FLOAT, 2));
        Value axis = constant(LAST_AXIS, Tensor.int64s(-1));
        Value small = constant("norm/epsilon_" + epsilon, Tensor.scalar(DType.FLOAT, epsilon));
        Value square = add(norm, "Pow", List.of(x, two), x.type());
        Value meanSquare = add(norm, "ReduceMean", List.of(square, axis), mean);
        Value shifted = add(norm, "Add", List.of(meanSquare, small), mean);
        Value root = add(norm, "Sqrt", List.of(shifted), mean);
        Value normal = add(norm, "Div", List.of(x, root), x.type());
        nodes.add(new Node(
                norm.name() + "/Mul", "", "Mul", List.of(normal, norm.input(1)), List.of(norm.output(0)), Map.of()));
    }

    private Value constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return new Value(name, tensor.type());
    }

    private Value add(Node norm, String op, List<Value> inputs, TensorType type) {
        String name = norm.name() + "/" + op;
        Value output = new Value(name, type);
        Map<String, Attribute> attributes = op.equals("ReduceMean") ? Map.of("keepdims", Attribute.of(1)) : Map.of();
        nodes.add(new Node(name, "", op, inputs, List.of(output), attributes));
        return output;
    }
}
