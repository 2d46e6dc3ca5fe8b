package org.dilort.heads;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;

/** A head in float, with the gradient of the sum of its losses: what a training graph makes of it. */
final class HeadRunner implements AutoCloseable {
    private final GraphRunner runner;

    HeadRunner(HeadSpec spec) {
        GraphBuilder graph = new GraphBuilder("head");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Dim pairs = Dim.of("pairs");
        Value policy = graph.input("policy_logps", DType.FLOAT, pairs, Dim.of(2));
        Value reference = graph.input("reference_logps", DType.FLOAT, pairs, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, pairs, Dim.of(2));
        Value counts = graph.input("step_counts", DType.FLOAT, Dim.of(2));
        HeadGraph.Inlined head =
                HeadGraph.inline(graph, spec, new HeadGraph.Bindings(policy, reference, lengths, counts));
        graph.output("losses", head.losses());
        graph.output("rewards", head.rewards());
        graph.output(
                "gradients",
                tape.gradients(ops.sumAll(head.losses()), List.of(policy)).get(0));
        this.runner = new GraphRunner(graph.build());
    }

    /** All {@code [pairs * 2]}, chosen and rejected of each pair. */
    record Batch(double[] policy, double[] reference, double[] lengths) {

        /** Log-ratios over a reference of zeros and one token each. */
        static Batch ofRatios(double... ratios) {
            double[] ones = new double[ratios.length];
            java.util.Arrays.fill(ones, 1);
            return new Batch(ratios, new double[ratios.length], ones);
        }

        int pairs() {
            return policy.length / 2;
        }

        Batch withPolicy(int index, double value) {
            double[] changed = policy.clone();
            changed[index] = value;
            return new Batch(changed, reference, lengths);
        }
    }

    record Result(double[] losses, double[] rewards, double[] gradients) {}

    /** The batch as a whole optimizer step. */
    Result run(Batch batch) {
        double chosenTokens = 0;
        for (int i = 0; i < batch.pairs(); i++) {
            chosenTokens += batch.lengths()[2 * i];
        }
        return run(batch, batch.pairs(), chosenTokens);
    }

    Result run(Batch batch, double stepPairs, double stepChosenTokens) {
        long[] shape = {batch.pairs(), 2};
        Map<String, Array> inputs = new HashMap<>();
        inputs.put("policy_logps", new Array(shape, batch.policy()));
        inputs.put("reference_logps", new Array(shape, batch.reference()));
        inputs.put("lengths", new Array(shape, batch.lengths()));
        inputs.put("step_counts", Array.vector(stepPairs, stepChosenTokens));
        Map<String, Array> outputs = runner.run(inputs);
        return new Result(
                outputs.get("losses").values(),
                outputs.get("rewards").values(),
                outputs.get("gradients").values());
    }

    @Override
    public void close() {
        runner.close();
    }
}
