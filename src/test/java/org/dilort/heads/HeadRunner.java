package org.dilort.heads;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;

/** A head in float, with the gradient of the sum of its losses: what a training graph makes of it. */
final class HeadRunner implements AutoCloseable {
    private static final String POLICY = "policy_logps";
    private static final String GRADIENT = ".gradient";

    /** The optional inputs that a gradient is wanted for. */
    private static final Set<String> DIFFERENTIATED = Set.of("token_logps", "prompt_logps");

    private final HeadSpec spec;
    private final GraphRunner runner;

    HeadRunner(HeadSpec spec) {
        this.spec = spec;
        this.runner = new GraphRunner(graph(spec));
    }

    private static Graph graph(HeadSpec spec) {
        GraphBuilder graph = new GraphBuilder("head");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Dim pairs = Dim.of("pairs");
        Value policy = graph.input(POLICY, DType.FLOAT, pairs, Dim.of(2));
        Value reference = graph.input("reference_logps", DType.FLOAT, pairs, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, pairs, Dim.of(2));
        Value counts = graph.input("step_counts", DType.FLOAT, Dim.of(2));
        Map<String, Value> optional = new LinkedHashMap<>();
        for (OptionalInput input : spec.head().optionalInputs()) {
            input.declare(graph, DType.FLOAT).forEach(value -> optional.put(value.name(), value));
        }
        HeadGraph.Inlined head =
                HeadGraph.inline(graph, spec, new HeadGraph.Bindings(policy, reference, lengths, counts, optional));
        head.outputs().forEach(graph::output);
        List<Value> targets = Stream.concat(
                        Stream.of(policy),
                        optional.values().stream().filter(value -> DIFFERENTIATED.contains(value.name())))
                .toList();
        List<Value> gradients = tape.gradients(ops.sumAll(head.losses()), targets);
        for (int i = 0; i < targets.size(); i++) {
            graph.output(targets.get(i).name() + GRADIENT, gradients.get(i));
        }
        return graph.build();
    }

    static Result run(HeadSpec spec, Batch batch) {
        try (HeadRunner runner = new HeadRunner(spec)) {
            return runner.run(batch);
        }
    }

    /** All {@code [pairs * 2]}, chosen and rejected of each pair. */
    record Batch(double[] policy, double[] reference, double[] lengths) {

        /** Log-ratios over a reference of zeros and one token each. */
        static Batch ofRatios(double... ratios) {
            double[] ones = new double[ratios.length];
            Arrays.fill(ones, 1);
            return new Batch(ratios, new double[ratios.length], ones);
        }

        /** Log-ratios up to {@code spread} either way; all numbers are multiples of 2^-12, so exact in float. */
        static Batch random(SplittableRandom random, int pairs, double spread) {
            double[] policy = new double[2 * pairs];
            double[] reference = new double[2 * pairs];
            double[] lengths = new double[2 * pairs];
            for (int i = 0; i < policy.length; i++) {
                reference[i] = grid(random.nextDouble(-300, -spread - 1));
                policy[i] = reference[i] + grid(random.nextDouble(-spread, spread));
                lengths[i] = random.nextInt(1, 60);
            }
            return new Batch(policy, reference, lengths);
        }

        private static double grid(double value) {
            return Math.rint(value * 4096) / 4096;
        }

        int pairs() {
            return policy.length / 2;
        }

        double chosenTokens() {
            double sum = 0;
            for (int pair = 0; pair < pairs(); pair++) {
                sum += lengths[2 * pair];
            }
            return sum;
        }

        Batch withPolicy(int index, double value) {
            double[] changed = policy.clone();
            changed[index] = value;
            return new Batch(changed, reference, lengths);
        }
    }

    /** @param outputs every output of the head's graph, by name */
    record Result(Map<String, Array> outputs) {
        double[] losses() {
            return outputs.get(HeadGraph.LOSSES).values();
        }

        double[] rewards() {
            return outputs.get(HeadGraph.REWARDS).values();
        }

        double[] saturated() {
            return outputs.get(HeadGraph.SATURATED).values();
        }

        double[] nextState() {
            return outputs.get(HeadGraph.NEXT_STATE).values();
        }

        /** {@code [pairs * 2]}. */
        double[] gradients() {
            return gradients(POLICY);
        }

        double[] gradients(String input) {
            return outputs.get(input + GRADIENT).values();
        }
    }

    /** The batch as a whole optimizer step. */
    Result run(Batch batch) {
        return run(batch, Map.of());
    }

    /** The batch as a whole optimizer step, with optional inputs. */
    Result run(Batch batch, Map<String, Array> optional) {
        return run(batch, batch.pairs(), batch.chosenTokens(), optional);
    }

    Result run(Batch batch, double stepPairs, double stepChosenTokens) {
        return run(batch, stepPairs, stepChosenTokens, Map.of());
    }

    private Result run(Batch batch, double stepPairs, double stepChosenTokens, Map<String, Array> optional) {
        long[] shape = {batch.pairs(), 2};
        Map<String, Array> inputs = new HashMap<>(optional);
        inputs.put(POLICY, new Array(shape, batch.policy()));
        inputs.put("reference_logps", new Array(shape, batch.reference()));
        inputs.put("lengths", new Array(shape, batch.lengths()));
        inputs.put("step_counts", Array.vector(stepPairs, stepChosenTokens));
        if (spec.head().optionalInputs().contains(OptionalInput.DETACHED_LOGPS)) {
            inputs.put("detached_logps", new Array(shape, batch.policy()));
        }
        return new Result(runner.run(inputs));
    }

    @Override
    public void close() {
        runner.close();
    }
}
