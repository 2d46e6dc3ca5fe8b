package org.dilort.heads;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dilort.error.Nearest;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Node;
import org.dilort.onnx.Shape;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/**
 * What keeps a file from being a head, a line each: inputs and outputs other than {@link HeadGraph}'s, and operators that
 * nobody could run safely on it.
 *
 * @param unread outputs that nothing reads, which is no fault
 */
public record HeadFileContract(
        List<String> inputs, List<String> outputs, List<String> operators, List<String> metadata, List<String> unread) {
    /** Pairs or tokens for which a head must fit into memory. */
    private static final double SYMBOL = 256;

    private static final double MOST_ELEMENTS = 1 << 26;
    private static final int MOST_NODES = 10_000;

    /** A quotient of integers that has no value is a trap of the processor. */
    private static final Set<String> FLOAT_ONLY = Set.of("Div", "ReduceMean", "Pow");

    public HeadFileContract {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operators = List.copyOf(operators);
        metadata = List.copyOf(metadata);
        unread = List.copyOf(unread);
    }

    /** All that is wrong. */
    public List<String> problems() {
        return Stream.of(inputs, outputs, operators, metadata)
                .flatMap(List::stream)
                .toList();
    }

    /**
     * @throws org.dilort.error.UserException where a node cannot be read, which leaves nothing to check
     */
    public static HeadFileContract of(HeadFile file) {
        int nodes = file.places().size();
        if (nodes > MOST_NODES) {
            String problem = nodes + " nodes, expected at most " + MOST_NODES + " in a head";
            return new HeadFileContract(List.of(), List.of(), List.of(problem), List.of(), List.of());
        }
        GraphBuilder graph = new GraphBuilder("contract");
        Map<String, Value> known = HeadInputs.declareAll(graph, DType.FLOAT);
        List<String> inputs = inputs(file, known);
        if (!inputs.isEmpty()) {
            return new HeadFileContract(inputs, missing(file.reader().outputs()), List.of(), metadata(file), List.of());
        }
        Map<String, Value> results = file.reader().inline(graph, known, Map.of());
        return new HeadFileContract(
                inputs, outputs(file, results), operators(file, graph.nodes()), metadata(file), unread(results));
    }

    private static List<String> inputs(HeadFile file, Map<String, Value> known) {
        List<String> problems = new ArrayList<>();
        for (Value input : file.reader().inputs()) {
            if (!known.containsKey(input.name())) {
                String hint = Nearest.to(input.name(), known.keySet())
                        .map(name -> "did you mean " + name + "?")
                        .orElse("expected some of " + known.keySet());
                problems.add("input " + text(input) + " is none of a head's; " + hint);
            } else if (!agrees(input.type(), known.get(input.name()).type())) {
                problems.add("input " + text(input) + ", expected "
                        + known.get(input.name()).type());
            }
        }
        if (!file.reads(HeadInputs.POLICY_LOGPS) && !file.reads("token_logps")) {
            problems.add("input " + HeadInputs.POLICY_LOGPS + " is missing: the losses cannot depend on the policy");
        }
        return problems;
    }

    private static String text(Value value) {
        return value.name() + " is " + value.type();
    }

    /** A fixed number of pairs, as a tool traces it, is read as any number. */
    private static boolean agrees(TensorType given, TensorType expected) {
        boolean agrees = given.dtype() == expected.dtype()
                && given.shape().rank() == expected.shape().rank();
        for (int axis = 0; agrees && axis < expected.shape().rank(); axis++) {
            Dim dim = given.shape().dim(axis);
            Dim wanted = expected.shape().dim(axis);
            agrees = dim.equals(wanted) || !dim.isFixed() || !wanted.isFixed();
        }
        return agrees;
    }

    private static List<String> missing(List<String> outputs) {
        return Stream.of(HeadGraph.LOSSES, HeadGraph.REWARDS)
                .filter(name -> !outputs.contains(name))
                .map(name -> "output " + name + " is missing, expected "
                        + expectedOutputs().get(name))
                .toList();
    }

    private static Map<String, TensorType> expectedOutputs() {
        Map<String, TensorType> expected = new LinkedHashMap<>();
        TensorType losses = new TensorType(DType.FLOAT, Shape.of(HeadInputs.PAIRS));
        expected.put(HeadGraph.LOSSES, losses);
        expected.put(HeadGraph.REWARDS, losses.withShape(Shape.of(HeadInputs.PAIRS, Dim.of(2))));
        expected.put(HeadGraph.SATURATED, losses);
        expected.put(HeadGraph.NEXT_STATE, losses.withShape(Shape.of(2)));
        return expected;
    }

    private static List<String> outputs(HeadFile file, Map<String, Value> results) {
        List<String> problems = new ArrayList<>(missing(List.copyOf(results.keySet())));
        expectedOutputs().forEach((name, type) -> {
            if (results.containsKey(name) && !results.get(name).type().equals(type)) {
                problems.add("output " + name + " is " + results.get(name).type() + ", expected " + type);
            }
        });
        if (file.reads("state") != results.containsKey(HeadGraph.NEXT_STATE)) {
            problems.add(
                    file.reads("state")
                            ? "output next_state is missing, expected float[2] beside the input state"
                            : "output next_state is there without the input state");
        }
        return problems;
    }

    private static List<String> unread(Map<String, Value> results) {
        return results.keySet().stream()
                .filter(name -> !expectedOutputs().containsKey(name))
                .map(name -> "output " + name + " is read by nothing")
                .toList();
    }

    private static List<String> metadata(HeadFile file) {
        String scope = file.metadata().getOrDefault(HeadFile.SCOPE, HeadFile.PAIR);
        return scope.equals(HeadFile.PAIR) || scope.equals(HeadFile.STEP)
                ? List.of()
                : List.of("metadata scope is \"" + scope + "\", expected pair or step");
    }

    /** The nodes are those of the file, in its order. */
    private static List<String> operators(HeadFile file, List<Node> nodes) {
        List<String> problems = new ArrayList<>();
        List<String> places = file.places();
        double elements = 0;
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            String place = places.get(i);
            if (!node.domain().isEmpty()) {
                problems.add(place + ": " + node.domain() + "::" + node.op() + ", expected an operator of ONNX itself");
            }
            if (FLOAT_ONLY.contains(node.op()) && !node.input(0).dtype().isFloat()) {
                problems.add(place + ": " + node.op() + " of " + node.input(0).type() + ", expected float");
            }
            elements += node.outputs().stream()
                    .mapToDouble(output -> elements(output.shape()))
                    .sum();
        }
        if (elements > MOST_ELEMENTS) {
            problems.add("more than " + (long) MOST_ELEMENTS + " numbers in all results for " + (long) SYMBOL
                    + " pairs, which is no size for a head");
        }
        return problems;
    }

    private static double elements(Shape shape) {
        double elements = 1;
        for (Dim dim : shape.dims()) {
            elements *= dim.factor() * Math.pow(SYMBOL, dim.symbols().size());
        }
        return elements;
    }
}
