package org.dilort.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.MissingGradientException;
import org.dilort.autodiff.Tape;
import org.dilort.error.FormatException;
import org.dilort.error.UnsupportedOperatorException;
import org.dilort.heads.HeadFile;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.InDouble;
import org.dilort.onnx.Node;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.runtime.OrtHeadProbe;
import org.dilort.runtime.RuntimeFailure;

/** A head's file in ONNX Runtime, with the gradient of the sum of its losses as training derives it. */
public final class HeadProbe implements AutoCloseable {
    private static final String POLICY = "policy_logps";
    private static final String TOKENS = "token_logps";
    private static final String GRADIENT = ".gradient";

    /** Inputs besides the policy's sums that a gradient is wanted for. */
    private static final List<String> CARRIERS = List.of(TOKENS, "prompt_logps");

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
        return of(HeadFile.parse(HeadGraph.toBytes(spec), "head " + spec.head().name()));
    }

    /**
     * @throws FormatException if the file is not a head's
     * @throws UnsupportedOperatorException naming an operator without gradient rule, and its place in the file
     */
    public static HeadProbe of(HeadFile file) {
        return new HeadProbe(graph(file));
    }

    /**
     * The same with all numbers in double.
     *
     * @throws RuntimeFailure if an operator has no double kernel
     */
    static HeadProbe inDouble(HeadFile file) {
        return new HeadProbe(InDouble.of(graph(file)));
    }

    private static Graph graph(HeadFile file) {
        GraphBuilder graph = new GraphBuilder(file.source());
        Tape tape = new Tape(new Ops(graph), Form.PLAIN);
        HeadGraph.Bindings inputs = HeadGraph.Bindings.declare(graph, DType.FLOAT, file.inputs());
        HeadGraph.Inlined head = HeadGraph.inline(graph, file, inputs);
        graph.output(HeadGraph.LOSSES, head.losses());
        graph.output(HeadGraph.REWARDS, head.rewards());
        List<Value> targets = new ArrayList<>(List.of(inputs.policyLogps()));
        CARRIERS.stream()
                .filter(inputs.optionalInputs()::containsKey)
                .map(inputs.optionalInputs()::get)
                .forEach(targets::add);
        List<Value> gradients = gradients(tape, head.losses(), targets, file);
        for (int i = 0; i < targets.size(); i++) {
            graph.output(targets.get(i).name() + GRADIENT, gradients.get(i));
        }
        return graph.build();
    }

    private static List<Value> gradients(Tape tape, Value losses, List<Value> targets, HeadFile file) {
        List<String> nodes = tape.ops().graph().nodes().stream().map(Node::name).toList();
        try {
            return tape.gradients(tape.ops().sumAll(losses), targets);
        } catch (MissingGradientException e) {
            // the graph has no nodes but the file's, and the copies that are its outputs
            String place = file.places().get(nodes.indexOf(e.node()));
            throw new UnsupportedOperatorException(file.source() + ": " + place + ": " + e.getMessage(), e);
        }
    }

    /** Names of the inputs that gradients are given for, {@code policy_logps} first. */
    List<String> differentiated() {
        return differentiated;
    }

    /**
     * Losses {@code [pairs]}, rewards {@code [pairs * 2]}.
     *
     * @param byInput gradient of the sum of losses, for each of {@link #differentiated}, in that order
     */
    public record Result(double[] losses, double[] rewards, Map<String, double[]> byInput) {
        public Result {
            byInput = Collections.unmodifiableMap(new LinkedHashMap<>(byInput));
        }

        double[] gradient(String input) {
            return byInput.get(input).clone();
        }

        /** All gradients, one after the other. */
        public double[] gradients() {
            return byInput.values().stream().flatMapToDouble(Arrays::stream).toArray();
        }

        /** {@code [pairs * 2]}: of each response, by its sum and by its tokens. */
        double[] slopes(HeadFeeds feeds) {
            double[] slopes = gradient(POLICY);
            double[] ofTokens = byInput.getOrDefault(TOKENS, new double[0]);
            for (int token = 0; token < ofTokens.length; token++) {
                slopes[feeds.sequenceOf(token)] += ofTokens[token];
            }
            return slopes;
        }
    }

    Result run(HeadBatch batch) {
        return run(batch.inputs());
    }

    /** @param inputs by name; {@code [pairs, 2]} as {@code [pairs * 2]} */
    public Result run(Map<String, double[]> inputs) {
        Map<String, double[]> outputs = session.run(inputs);
        Map<String, double[]> gradients = new LinkedHashMap<>();
        differentiated.forEach(name -> gradients.put(name, outputs.get(name + GRADIENT)));
        return new Result(outputs.get(HeadGraph.LOSSES), outputs.get(HeadGraph.REWARDS), gradients);
    }

    @Override
    public void close() {
        session.close();
    }
}
