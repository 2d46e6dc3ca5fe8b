package org.dilort.export;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.artifacts.StoredWeight;
import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.Attribute;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.ExternalTensor;
import org.dilort.onnx.Graph;
import org.dilort.onnx.Node;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;
import org.dilort.weights.NamedTensors;

/**
 * A graph whose products take stored weights as codes and scales.
 *
 * <pre>
 * Gemm(x, W, b)   becomes   product(x, codes, scales) + b
 * </pre>
 *
 * What is no product, such as norms, keeps its float32 weights; so does a table of embeddings unless the form has one of its own.
 */
abstract class CodedWeights {
    private final NamedTensors source;
    private final WeightFile file;
    private final Map<String, ExternalTensor> weights;
    private final Map<String, Tensor> constants;
    private final Map<String, ExternalTensor> externals = new LinkedHashMap<>();
    private final Map<String, List<Value>> made = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    CodedWeights(Graph graph, NamedTensors source, WeightFile file) {
        this.source = source;
        this.file = file;
        this.constants = new LinkedHashMap<>(graph.constants());
        this.weights = graph.externals().stream()
                .collect(Collectors.toMap(external -> external.value().name(), Function.identity()));
    }

    /** A stored matrix of a product. */
    record Matrix(Value value, Layout layout) {
        int out() {
            return (int) value.shape().dim(layout == Layout.OUT_IN ? 0 : 1).value();
        }

        int in() {
            return (int) value.shape().dim(layout == Layout.OUT_IN ? 1 : 0).value();
        }
    }

    /** {@code [tokens, in] -> [tokens, out]}. */
    abstract Value product(String name, Value x, Matrix matrix);

    /** {@code ids -> rows of the table}; gives false where the table stays as it is. */
    abstract boolean lookUp(Node gather, Matrix table);

    final Graph rewrite(Graph graph, Function<String, StoredWeight> floats) {
        for (Node node : graph.nodes()) {
            if (isProduct(node)) {
                addProduct(node);
            } else if (!(isLookUp(node) && lookUp(node, new Matrix(node.input(0), Layout.OUT_IN)))) {
                nodes.add(node);
            }
        }
        for (Node node : nodes) {
            node.inputs().forEach(input -> keepFloat(input, floats));
        }
        return new Graph(
                graph.name(), graph.inputs(), graph.outputs(), constants, List.copyOf(externals.values()), nodes);
    }

    private boolean isProduct(Node node) {
        return node.op().equals("Gemm")
                && isMatrix(node.input(1))
                && node.integer("transA", 0) == 0
                && node.number("alpha", 1) == 1
                && node.number("beta", 1) == 1;
    }

    private boolean isLookUp(Node node) {
        return node.op().equals("Gather") && node.integer("axis", 0) == 0 && isMatrix(node.input(0));
    }

    private boolean isMatrix(Value value) {
        return weights.containsKey(value.name()) && value.rank() == 2;
    }

    private void addProduct(Node gemm) {
        Layout layout = gemm.integer("transB", 0) == 1 ? Layout.OUT_IN : Layout.IN_OUT;
        Value product = product(gemm.name(), gemm.input(0), new Matrix(gemm.input(1), layout));
        Value result = gemm.output(0);
        if (gemm.inputs().size() > 2) {
            nodes.add(new Node(
                    gemm.name() + "/bias", "", "Add", List.of(product, gemm.input(2)), List.of(result), Map.of()));
        } else {
            Node last = nodes.remove(nodes.size() - 1);
            nodes.add(
                    new Node(last.name(), last.domain(), last.op(), last.inputs(), List.of(result), last.attributes()));
        }
    }

    private void keepFloat(Value input, Function<String, StoredWeight> floats) {
        if (weights.containsKey(input.name()) && !externals.containsKey(input.name())) {
            StoredWeight place = floats.apply(input.name());
            externals.put(input.name(), new ExternalTensor(input, place.file(), place.offset(), place.length()));
        }
    }

    final WeightRows rows(Matrix matrix) {
        return new WeightRows(source, matrix.value().name(), matrix.layout(), matrix.in(), matrix.out());
    }

    /** A tensor of the file; the same one when it is asked for again. */
    final Value stored(String name, DType type, Shape shape, WeightFile.Content content) {
        Value value = new Value(name, new TensorType(type, shape));
        externals.computeIfAbsent(name, key -> {
            StoredWeight place = file.place(type, shape.elements().value(), content);
            return new ExternalTensor(value, place.file(), place.offset(), place.length());
        });
        return value;
    }

    final Value constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return new Value(name, tensor.type());
    }

    /** What is made of a value once, however often it is asked for. */
    final List<Value> once(String name, Function<String, List<Value>> make) {
        List<Value> known = made.get(name);
        if (known == null) {
            known = make.apply(name);
            made.put(name, known);
        }
        return known;
    }

    final Value add(String name, String domain, String op, List<Value> inputs, TensorType type, Attributes attributes) {
        Value output = new Value(name, type);
        nodes.add(new Node(name, domain, op, inputs, List.of(output), attributes.values()));
        return output;
    }

    final void add(Node node) {
        nodes.add(node);
    }

    /** Whole numbers by name. */
    record Attributes(Map<String, Attribute> values) {
        static final Attributes NONE = new Attributes(Map.of());

        static Attributes of(Map<String, Long> numbers) {
            Map<String, Attribute> values = new HashMap<>();
            numbers.forEach((name, number) -> values.put(name, Attribute.of((long) number)));
            return new Attributes(values);
        }
    }

    static TensorType product(Value x, Matrix matrix) {
        return new TensorType(DType.FLOAT, x.shape().with(-1, Dim.of(matrix.out())));
    }
}
