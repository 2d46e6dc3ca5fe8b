package org.dilort.heads;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.error.FormatException;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxReader;
import org.dilort.onnx.OnnxWriter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/**
 * A head as an ONNX graph of its own.
 *
 * <p>Inputs, all float: {@code policy_logps}, {@code reference_logps} (only of a head that needs a reference) and
 * {@code lengths} {@code [pairs, 2]} (chosen, rejected; sums over response tokens, and their number),
 * {@code step_counts} {@code [2]} (pairs and scored chosen tokens of the optimizer step), and what
 * {@link OptionalInput} names.
 *
 * <p>Outputs: {@code losses [pairs]} and {@code rewards [pairs, 2]}; of a head that caps exponents also
 * {@code saturated [pairs]} (1 where one was above the cap), of a head with a state also {@code next_state [2]}.
 * Coefficients are named scalar constants.
 */
public final class HeadGraph {
    public static final String LOSSES = "losses";
    public static final String REWARDS = "rewards";
    public static final String SATURATED = "saturated";
    public static final String NEXT_STATE = "next_state";

    private HeadGraph() {}

    public static Graph build(HeadSpec spec, DType dtype) {
        GraphBuilder graph = new GraphBuilder(spec.head().name());
        HeadInputs inputs = new HeadInputs(graph, dtype, spec);
        HeadOutputs outputs = spec.head().build(inputs);
        Ops ops = inputs.ops();
        graph.output(LOSSES, ops.squeeze(outputs.losses(), 1));
        Sides rewards = outputs.rewards();
        graph.output(REWARDS, ops.concat(1, rewards.chosen(), rewards.rejected()));
        inputs.saturated().ifPresent(flags -> graph.output(SATURATED, ops.squeeze(flags, 1)));
        outputs.nextState().forEach(state -> graph.output(NEXT_STATE, state));
        return graph.build();
    }

    /** The file of a head, with the head's description as metadata. */
    public static byte[] toBytes(HeadSpec spec) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("formula", spec.head().formula());
        metadata.put("head", spec.head().name());
        metadata.put("reduction", spec.reduction().name().toLowerCase(Locale.ROOT));
        metadata.put("scope", spec.head().scope().name().toLowerCase(Locale.ROOT));
        metadata.put("variant", spec.variant().name().toLowerCase(Locale.ROOT));
        return OnnxWriter.toBytes(build(spec, DType.FLOAT), metadata);
    }

    /** What a head's graph is bound to inside a larger one. */
    public record Bindings(
            Value policyLogps,
            Value referenceLogps,
            Value lengths,
            Value stepCounts,
            Map<String, Value> optionalInputs) {
        public Bindings {
            optionalInputs = Map.copyOf(optionalInputs);
        }

        /** Declares the inputs that every head gets, and of the others those that {@code asked} names. */
        public static Bindings declare(GraphBuilder graph, DType dtype, Collection<String> asked) {
            Dim pairs = HeadInputs.PAIRS;
            Value policy = graph.input(HeadInputs.POLICY_LOGPS, dtype, pairs, Dim.of(2));
            Value reference = graph.input(HeadInputs.REFERENCE_LOGPS, dtype, pairs, Dim.of(2));
            Value lengths = graph.input(HeadInputs.LENGTHS, dtype, pairs, Dim.of(2));
            Value counts = graph.input(HeadInputs.STEP_COUNTS, dtype, Dim.of(2));
            Map<String, Value> optional = new HashMap<>();
            for (OptionalInput input : OptionalInput.values()) {
                if (input.names().stream().anyMatch(asked::contains)) {
                    input.declare(graph, dtype).forEach(value -> optional.put(value.name(), value));
                }
            }
            return new Bindings(policy, reference, lengths, counts, optional);
        }

        public Bindings(Value policyLogps, Value referenceLogps, Value lengths, Value stepCounts) {
            this(policyLogps, referenceLogps, lengths, stepCounts, Map.of());
        }
    }

    /**
     * Losses {@code [pairs]} and rewards {@code [pairs, 2]} inside the larger graph.
     *
     * @param outputs everything that the head gives, these two included, by name
     */
    public record Inlined(Value losses, Value rewards, Map<String, Value> outputs) {
        public Inlined {
            outputs = Map.copyOf(outputs);
        }
    }

    /** Copies a head's file into {@code graph}; the file may be a user's own with the same inputs and outputs. */
    public static Inlined inline(GraphBuilder graph, byte[] model, String source, Bindings bindings) {
        return inline(graph, OnnxReader.parse(model, source), source, bindings);
    }

    public static Inlined inline(GraphBuilder graph, HeadFile file, Bindings bindings) {
        return inline(graph, file.reader(), file.source(), bindings);
    }

    /** Copies a head into {@code graph}, in its type. */
    public static Inlined inline(GraphBuilder graph, HeadSpec spec, Bindings bindings) {
        Graph head = build(spec, bindings.policyLogps().dtype());
        String source = "head " + spec.head().name();
        return inline(graph, OnnxReader.parse(OnnxWriter.toBytes(head), source), source, bindings);
    }

    private static Inlined inline(GraphBuilder graph, OnnxReader reader, String source, Bindings bindings) {
        Map<String, Value> available = new HashMap<>(bindings.optionalInputs());
        available.put(HeadInputs.POLICY_LOGPS, bindings.policyLogps());
        available.put(HeadInputs.REFERENCE_LOGPS, bindings.referenceLogps());
        available.put(HeadInputs.LENGTHS, bindings.lengths());
        available.put(HeadInputs.STEP_COUNTS, bindings.stepCounts());
        for (Value input : reader.inputs()) {
            Value bound = available.get(input.name());
            if (bound == null || bound.dtype() != input.dtype() || bound.rank() != input.rank()) {
                throw new FormatException(source + ": input " + input + " is not among a head's inputs "
                        + available.values().stream()
                                .map(Value::toString)
                                .sorted()
                                .toList());
            }
        }
        Map<String, Value> results = reader.inline(graph, available, Map.of());
        Dim pairs = bindings.policyLogps().dim(0);
        TensorType losses = bindings.policyLogps().type().withShape(Shape.of(pairs));
        return new Inlined(
                require(results, LOSSES, losses, source),
                require(results, REWARDS, losses.withShape(Shape.of(pairs, Dim.of(2))), source),
                results);
    }

    private static Value require(Map<String, Value> results, String name, TensorType type, String source) {
        Value value = results.get(name);
        if (value == null || !value.type().equals(type)) {
            throw new FormatException(source + ": output " + name + " is " + (value == null ? "missing" : value.type())
                    + ", expected " + type);
        }
        return value;
    }
}
