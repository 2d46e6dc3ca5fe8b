package org.dilort.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.OptionalInput;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.OnnxReader;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtHeadProbe;

/** A head's file in ONNX Runtime, with the gradient of the sum of its losses as training derives it. */
public final class HeadProbe implements AutoCloseable {
    private static final String POLICY = "policy_logps";
    private static final String GRADIENT = ".gradient";

    /** Inputs besides the policy's sums that a gradient is wanted for. */
    private static final Set<String> CARRIERS = Set.of("token_logps", "prompt_logps");

    private final List<String> differentiated;
    private final OrtHeadProbe session;

    private HeadProbe(Graph graph) {
        this.differentiated = graph.outputs().stream()
                .map(Value::name)
                .filter(name -> name.endsWith(GRADIENT))
                .map(name -> name.substring(0, name.length() - GRADIENT.length()))
                .toList();
        this.session = new OrtHeadProbe(graph);
    }

    public static HeadProbe of(HeadSpec spec) {
        return of(HeadGraph.toBytes(spec), "head " + spec.head().name());
    }

    /**
     * @param source the file's name, for messages
     * @throws FormatException if the file is not a head's
     * @throws UnsupportedOperatorException naming an operator without gradient rule
     */
    public static HeadProbe of(byte[] model, String source) {
        return new HeadProbe(graph(model, source));
    }

    private static Graph graph(byte[] model, String source) {
        Set<String> asked = Set.copyOf(OnnxReader.parse(model, source).inputs().stream()
                .map(Value::name)
                .toList());
        GraphBuilder graph = new GraphBuilder(source);
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Dim pairs = Dim.of("pairs");
        Value policy = graph.input(POLICY, DType.FLOAT, pairs, Dim.of(2));
        Value reference = graph.input("reference_logps", DType.FLOAT, pairs, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, pairs, Dim.of(2));
        Value counts = graph.input("step_counts", DType.FLOAT, Dim.of(2));
        Map<String, Value> optional = new LinkedHashMap<>();
        for (OptionalInput input : OptionalInput.values()) {
            if (input.names().stream().anyMatch(asked::contains)) {
                input.declare(graph, DType.FLOAT).forEach(value -> optional.put(value.name(), value));
            }
        }
        HeadGraph.Inlined head = HeadGraph.inline(
                graph, model, source, new HeadGraph.Bindings(policy, reference, lengths, counts, optional));
        graph.output(HeadGraph.LOSSES, head.losses());
        graph.output(HeadGraph.REWARDS, head.rewards());
        List<Value> targets = new ArrayList<>(List.of(policy));
        optional.values().stream()
                .filter(value -> CARRIERS.contains(value.name()))
                .forEach(targets::add);
        List<Value> gradients = gradients(tape, head.losses(), targets, source);
        for (int i = 0; i < targets.size(); i++) {
            graph.output(targets.get(i).name() + GRADIENT, gradients.get(i));
        }
        return graph.build();
    }

    private static List<Value> gradients(Tape tape, Value losses, List<Value> targets, String source) {
        try {
            return tape.gradients(tape.ops().sumAll(losses), targets);
        } catch (UnsupportedOperatorException e) {
            throw new UnsupportedOperatorException(source + ": " + e.getMessage(), e);
        }
    }

    /** Names of the inputs that gradients are given for, {@code policy_logps} first. */
    List<String> differentiated() {
        return differentiated;
    }

    /** @param gradients of the sum of losses, one after the other for {@link #differentiated} */
    public record Result(float[] losses, float[] rewards, float[] gradients) {}

    Result run(HeadBatch batch) {
        return run(batch.inputs());
    }

    /** @param inputs by name; {@code [pairs, 2]} as {@code [pairs * 2]} */
    public Result run(Map<String, float[]> inputs) {
        Map<String, float[]> outputs = session.run(inputs);
        int count = differentiated.stream()
                .mapToInt(name -> outputs.get(name + GRADIENT).length)
                .sum();
        float[] gradients = new float[count];
        int at = 0;
        for (String name : differentiated) {
            float[] part = outputs.get(name + GRADIENT);
            System.arraycopy(part, 0, gradients, at, part.length);
            at += part.length;
        }
        return new Result(outputs.get(HeadGraph.LOSSES), outputs.get(HeadGraph.REWARDS), gradients);
    }

    @Override
    public void close() {
        session.close();
    }
}
