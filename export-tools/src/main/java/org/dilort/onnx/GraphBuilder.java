package org.dilort.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Grows one graph, node by node; each node is checked when it is added, so a mistake carries the stack trace of the
 * code that made it. Values of another graph are refused by name.
 */
public final class GraphBuilder {
    private static final Set<String> ONLY_FIRST_OUTPUT_NEEDED =
            Set.of("InPlaceAccumulatorV2", "LayerNormalization", "SimplifiedLayerNormalization");

    private final String name;
    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<Tensor, Value> sharedConstants = new HashMap<>();
    private final List<ExternalTensor> externals = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final ShapeValues shapeValues = new ShapeValues();
    private final Map<Dim, Value> dimValues = new HashMap<>();
    private final Deque<String> scopes = new ArrayDeque<>();

    public GraphBuilder(String name) {
        this.name = name;
    }

    public Value input(String inputName, DType dtype, Dim... dims) {
        Value value = declare(inputName, new TensorType(dtype, Shape.of(dims)));
        inputs.add(value);
        return value;
    }

    /** A constant without a name of its own; equal constants are one. */
    public Value constant(Tensor tensor) {
        Value shared = sharedConstants.get(tensor);
        if (shared == null) {
            shared = constant("constant_" + constants.size(), tensor);
            sharedConstants.put(tensor, shared);
        }
        return shared;
    }

    /** A named constant, such as a coefficient that a reader of the file may replace. */
    public Value constant(String constantName, Tensor tensor) {
        Value value = declare(constantName, tensor.type());
        constants.put(constantName, tensor);
        shapeValues.add(value, tensor);
        return value;
    }

    /** A weight in a file beside the model. */
    public Value external(String weightName, TensorType type, String location, long offset, long length) {
        Value value = declare(weightName, type);
        externals.add(new ExternalTensor(value, location, offset, length));
        return value;
    }

    public List<Value> node(String domain, String op, List<Value> operands, Map<String, Attribute> attributes) {
        return node(domain, op, operands, attributes, List.of());
    }

    /** Adds a node; the first outputs get {@code outputNames}, the others names made from the node's. */
    List<Value> node(
            String domain,
            String op,
            List<Value> operands,
            Map<String, Attribute> attributes,
            List<String> outputNames) {
        operands.forEach(this::requireOwn);
        Schema schema = Schemas.find(domain, op, scoped(op));
        List<TensorType> types = schema.check(new Call(op, operands, attributes, shapeValues));
        return add(schema, operands, attributes, types, outputNames);
    }

    private List<Value> add(
            Schema schema,
            List<Value> operands,
            Map<String, Attribute> attributes,
            List<TensorType> types,
            List<String> outputNames) {
        String nodeName = scoped(schema.op() + "_" + nodes.size());
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            String suffix = types.size() == 1 ? "" : ":" + i;
            results.add(declare(i < outputNames.size() ? outputNames.get(i) : nodeName + suffix, types.get(i)));
        }
        Node node = new Node(nodeName, schema.domain(), schema.op(), operands, results, attributes);
        nodes.add(node);
        shapeValues.add(node);
        return results;
    }

    /** Makes {@code value} an output of the graph under {@code outputName}. */
    public void output(String outputName, Value value) {
        requireOwn(value);
        outputs.add(node(Schema.ONNX, "Identity", List.of(value), Map.of(), List.of(outputName))
                .get(0));
    }

    /** The same value with other names for its symbolic dimensions, where the caller knows that they are equal. */
    public Value relabel(Value value, Shape shape) {
        requireOwn(value);
        boolean same = value.rank() == shape.rank();
        for (int axis = 0; same && axis < shape.rank(); axis++) {
            Dim dim = value.dim(axis);
            Dim other = shape.dim(axis);
            same = dim.equals(other) || !dim.isFixed() && !other.isFixed();
        }
        if (!same) {
            throw new IllegalArgumentException("value " + value + " cannot be read as " + shape);
        }
        Schema identity = Schemas.find(Schema.ONNX, "Identity", value.name());
        List<TensorType> types = List.of(value.type().withShape(shape));
        return add(identity, List.of(value), Map.of(), types, List.of()).get(0);
    }

    /** Runs {@code body} with {@code scope} in front of the names of its nodes. */
    public <T> T scope(String scope, Supplier<T> body) {
        scopes.addLast(scope);
        try {
            return body.get();
        } finally {
            scopes.removeLast();
        }
    }

    /** The nodes so far, in order. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** An int64 {@code [1]} value that holds a dimension, taken at run time from a value that has it. */
    Value dimValue(Dim dim) {
        if (dim.isFixed()) {
            return constant(Tensor.int64s(dim.value()));
        }
        Value value = dimValues.get(dim);
        if (value == null) {
            value = readDim(dim);
            dimValues.put(dim, value);
        }
        return value;
    }

    long[] constantOf(Value value) {
        return shapeValues
                .constant(value)
                .orElseThrow(() -> new IllegalArgumentException(value + " is no int64 constant"));
    }

    private Value readDim(Dim dim) {
        boolean product = dim.factor() != 1 || dim.symbols().size() != 1;
        Stream<Value> results = product ? Stream.of() : nodes.stream().flatMap(node -> node.outputs().stream());
        for (Value value : Stream.concat(inputs.stream(), results).toList()) {
            int axis = value.shape().dims().indexOf(dim);
            if (axis >= 0) {
                Map<String, Attribute> range = Map.of("start", Attribute.of(axis), "end", Attribute.of(axis + 1L));
                return node(Schema.ONNX, "Shape", List.of(value), range).get(0);
            }
        }
        if (!product) {
            throw new IllegalArgumentException("no value of graph " + name + " has the dimension " + dim);
        }
        return readProduct(dim);
    }

    private Value readProduct(Dim dim) {
        Value product = constant(Tensor.int64s(dim.factor()));
        for (String symbol : dim.symbols()) {
            product = node(Schema.ONNX, "Mul", List.of(product, dimValue(Dim.of(symbol))), Map.of())
                    .get(0);
        }
        shapeValues.add(product, dim);
        return product;
    }

    private Value declare(String valueName, TensorType type) {
        Value value = new Value(valueName, type);
        if (values.putIfAbsent(valueName, value) != null) {
            throw new IllegalArgumentException("graph " + name + " already has a value " + valueName);
        }
        return value;
    }

    private void requireOwn(Value value) {
        if (values.get(value.name()) != value) {
            throw new IllegalArgumentException("value " + value + " is not of graph " + name);
        }
    }

    private String scoped(String local) {
        return scopes.isEmpty() ? local : String.join("/", scopes) + "/" + local;
    }

    /** Optional last outputs are left out where nothing reads them. */
    private static Node withoutUnusedTail(Node node, Set<String> needed) {
        if (!ONLY_FIRST_OUTPUT_NEEDED.contains(node.op())) {
            return node;
        }
        int used = node.outputs().size();
        while (used > 1 && !needed.contains(node.output(used - 1).name())) {
            used--;
        }
        List<Value> kept = node.outputs().subList(0, used);
        return new Node(node.name(), node.domain(), node.op(), node.inputs(), kept, node.attributes());
    }

    /** The graph, without nodes and constants that no output needs. */
    public Graph build() {
        if (outputs.isEmpty()) {
            throw new IllegalStateException("graph " + name + " has no output");
        }
        Set<String> needed = new HashSet<>();
        outputs.forEach(output -> needed.add(output.name()));
        List<Node> kept = new ArrayList<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().anyMatch(output -> needed.contains(output.name()))) {
                node.inputs().forEach(input -> needed.add(input.name()));
                kept.add(withoutUnusedTail(node, needed));
            }
        }
        Collections.reverse(kept);
        Map<String, Tensor> keptConstants = new LinkedHashMap<>(constants);
        keptConstants.keySet().retainAll(needed);
        List<ExternalTensor> keptExternals = externals.stream()
                .filter(external -> needed.contains(external.value().name()))
                .toList();
        return new Graph(name, inputs, outputs, keptConstants, keptExternals, kept);
    }
}
