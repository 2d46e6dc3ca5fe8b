package org.dilort.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A graph whose matrix products take and give a narrower float type, while all between them stays float: what is called
 * mixed precision.
 *
 * <pre>
 * y = Product(a, b)   becomes   y = Cast[float](Product(Cast[narrow](a), Cast[narrow](b)))
 * </pre>
 *
 * <p>Each value is cast once, however many products take it. A product's result that only goes through changes of layout
 * into another product is never made wide; nor is a weight that lies in its file in the narrow type. In bfloat16, whose
 * range is that of float, the same holds for what lies between products and would be rounded on the way into the next one
 * anyway: masked scores and their softmax (whose kernels sum in float), gates and activations. Differences are taken in
 * float, for what is left of two near numbers would be their rounding (1 - p of a confident token), and so are sums of
 * several products. Weights, gradient sums, hidden states, norms and log-probabilities keep their type.
 */
public final class NarrowProducts {
    private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "FusedMatMul");
    private static final Set<String> LAYOUTS =
            Set.of("Transpose", "Reshape", "Squeeze", "Unsqueeze", "Slice", "Expand", "Identity");

    /** Operators with bfloat16 kernels on CUDA that may stand between two products. */
    private static final Set<String> BETWEEN =
            Set.of("Add", "Mul", "Concat", "Softmax", "SoftmaxGrad_13", "QuickGelu", "QuickGeluGrad");

    private final DType type;
    private final Set<String> intoProducts;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Value> narrow = new HashMap<>();

    /** Values that exist in the narrow type alone. */
    private final Set<String> onlyNarrow = new HashSet<>();

    private NarrowProducts(DType type, Set<String> intoProducts) {
        this.type = type;
        this.intoProducts = intoProducts;
    }

    /** @param type bfloat16 or float16; float gives the graph itself */
    public static Graph of(Graph graph, DType type) {
        if (type == DType.FLOAT) {
            return graph;
        }
        if (type != DType.BFLOAT16 && type != DType.FLOAT16) {
            throw new IllegalArgumentException("products in " + type + ", expected BFLOAT16, FLOAT16 or FLOAT");
        }
        NarrowProducts rewrite = new NarrowProducts(type, type == DType.BFLOAT16 ? intoProducts(graph) : Set.of());
        graph.nodes().forEach(rewrite::add);
        graph.outputs().forEach(rewrite::makeWide);
        return new Graph(
                graph.name(), graph.inputs(), graph.outputs(), graph.constants(), graph.externals(), rewrite.nodes);
    }

    /** Names of the values that nothing but products reads, straight or through layouts and what may stand between. */
    private static Set<String> intoProducts(Graph graph) {
        Set<String> found = new HashSet<>();
        graph.nodes().forEach(node -> node.outputs().forEach(output -> found.add(output.name())));
        graph.outputs().forEach(output -> found.remove(output.name()));
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node reader = graph.nodes().get(i);
            boolean narrow = isProduct(reader)
                    || (isBetween(reader) || LAYOUTS.contains(reader.op()))
                            && found.contains(reader.output(0).name());
            if (!narrow) {
                reader.inputs().forEach(input -> found.remove(input.name()));
            }
        }
        return found;
    }

    private static boolean isProduct(Node node) {
        return PRODUCTS.contains(node.op()) && node.output(0).dtype() == DType.FLOAT;
    }

    private static boolean isBetween(Node node) {
        return BETWEEN.contains(node.op()) && node.output(0).dtype() == DType.FLOAT;
    }

    /**
     * One that is narrow on at least one side already, else a cast in front would only round earlier; a sum on one side
     * alone.
     */
    private boolean isBetweenProducts(Node node) {
        long narrowSides = node.inputs().stream()
                .filter(input -> onlyNarrow.contains(input.name()))
                .count();
        boolean sides = node.op().equals("Add") ? narrowSides == 1 : narrowSides > 0;
        return sides && isBetween(node) && intoProducts.contains(node.output(0).name());
    }

    /** Where all parts of a value go into products, the value is cast once and then cut. */
    private boolean isNarrowLayout(Node node) {
        return LAYOUTS.contains(node.op())
                && node.output(0).dtype() == DType.FLOAT
                && (onlyNarrow.contains(node.input(0).name())
                        || intoProducts.contains(node.output(0).name()));
    }

    private void add(Node node) {
        Value result = node.output(0);
        if (isProduct(node) || isBetweenProducts(node)) {
            List<Value> operands = node.inputs().stream().map(this::narrow).toList();
            addNarrow(node, operands);
        } else if (isNarrowLayout(node)) {
            List<Value> operands = new ArrayList<>(node.inputs());
            operands.set(0, narrow(node.input(0)));
            addNarrow(node, operands);
        } else if (node.op().equals("Cast")
                && result.dtype() == DType.FLOAT
                && node.input(0).dtype() == type) {
            narrow.put(result.name(), node.input(0));
            onlyNarrow.add(result.name());
        } else {
            node.inputs().forEach(this::makeWide);
            nodes.add(node);
        }
    }

    private void addNarrow(Node node, List<Value> operands) {
        Value wide = node.output(0);
        Value result = narrowed(wide);
        narrow.put(wide.name(), result);
        onlyNarrow.add(wide.name());
        nodes.add(new Node(node.name(), node.domain(), node.op(), operands, List.of(result), node.attributes()));
    }

    private Value narrow(Value wide) {
        return narrow.computeIfAbsent(wide.name(), name -> {
            Value result = narrowed(wide);
            nodes.add(cast(wide, result));
            return result;
        });
    }

    private void makeWide(Value wide) {
        if (onlyNarrow.remove(wide.name())) {
            nodes.add(cast(narrow.get(wide.name()), wide));
        }
    }

    private Value narrowed(Value wide) {
        String name = wide.name() + "/" + type.name().toLowerCase(Locale.ROOT);
        return new Value(name, wide.type().withDType(type));
    }

    private static Node cast(Value from, Value to) {
        Map<String, Attribute> attributes = Map.of("to", Attribute.of(to.dtype().onnxNumber()));
        return new Node(to.name() + "/cast", Schema.ONNX, "Cast", List.of(from), List.of(to), attributes);
    }
}
