package org.dilort.artifacts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.OptionalInput;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * A head over all pairs of an optimizer step with the gradient of their mean loss: {@code policy_logps,
 * reference_logps, lengths [pairs, 2], step_counts [2] -> losses [pairs], rewards [pairs, 2],
 * policy_logps.gradient [pairs, 2]}.
 */
public final class StepHeadGraph {
    public static final String GRADIENT = StateNames.gradient(TrainingGraph.POLICY_LOGPS);

    private StepHeadGraph() {}

    public static Graph build(HeadSpec head) {
        GraphBuilder graph = new GraphBuilder("step_head");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Dim pairs = Dim.of("pairs");
        Value logps = graph.input(TrainingGraph.POLICY_LOGPS, DType.FLOAT, pairs, Dim.of(2));
        Value references = graph.input("reference_logps", DType.FLOAT, pairs, Dim.of(2));
        Value lengths = graph.input("lengths", DType.FLOAT, pairs, Dim.of(2));
        Value counts = graph.input("step_counts", DType.FLOAT, Dim.of(2));
        Map<String, Value> optional = new LinkedHashMap<>();
        if (head.head().optionalInputs().contains(OptionalInput.DETACHED_LOGPS)) {
            optional.put(OptionalInput.DETACHED_LOGPS.names().get(0), tape.detached(logps));
        }
        HeadGraph.Inlined inlined =
                HeadGraph.inline(graph, head, new HeadGraph.Bindings(logps, references, lengths, counts, optional));
        Value mean = ops.div(ops.sumAll(inlined.losses()), ops.size(pairs, DType.FLOAT));
        graph.output(HeadGraph.LOSSES, inlined.losses());
        graph.output(HeadGraph.REWARDS, inlined.rewards());
        graph.output(GRADIENT, tape.gradients(mean, List.of(logps)).get(0));
        return graph.build();
    }
}
