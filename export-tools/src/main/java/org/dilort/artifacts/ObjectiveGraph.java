package org.dilort.artifacts;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dilort.autodiff.Form;
import org.dilort.autodiff.Tape;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.Objective;
import org.dilort.heads.OptionalInput;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * An objective over all pairs of an optimizer step, without a model.
 *
 * <p>Inputs: {@code policy_logps}, {@code reference_logps} and {@code lengths} {@code [pairs, 2]}, {@code step_counts
 * [2]} and what the heads ask for besides (see {@link OptionalInput}; the states as one vector). Outputs: {@code loss},
 * the mean over the pairs, {@code losses}, {@code saturated} and {@code skipped} {@code [pairs]}, {@code rewards [pairs,
 * 2]}, the gradient of the loss with respect to each carrier as {@code NAME.gradient}, and {@code next_state} of heads
 * that have one.
 */
public final class ObjectiveGraph {
    public static final String REFERENCE_LOGPS = "reference_logps";
    public static final String LENGTHS = "lengths";
    public static final String STEP_COUNTS = "step_counts";
    static final Dim PAIRS = Dim.of("pairs");

    private ObjectiveGraph() {}

    public static Graph build(Objective objective) {
        GraphBuilder graph = new GraphBuilder("objective");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, Form.PLAIN);
        Map<String, Value> scores = declare(graph, objective);
        Value counts = graph.input(STEP_COUNTS, DType.FLOAT, Dim.of(2));
        Value share = ops.unsqueeze(ops.reciprocal(ops.size(PAIRS, DType.FLOAT)), 0); // [1]
        Value weights = ops.expand(share, Shape.of(PAIRS));
        ObjectiveGradient result = ObjectiveGradient.build(tape, objective, scores, counts, weights);
        graph.output(TrainingGraph.LOSS, result.loss());
        graph.output(HeadGraph.LOSSES, result.losses());
        graph.output(HeadGraph.REWARDS, result.rewards());
        graph.output(HeadGraph.SATURATED, result.saturated());
        graph.output(TrainingGraph.SKIPPED, result.skipped());
        result.gradients().forEach((name, gradient) -> graph.output(StateNames.gradient(name), gradient));
        result.nextState().forEach(state -> graph.output(HeadGraph.NEXT_STATE, state));
        return graph.build();
    }

    private static Map<String, Value> declare(GraphBuilder graph, Objective objective) {
        Map<String, Value> scores = new LinkedHashMap<>();
        for (String name : new String[] {TrainingGraph.POLICY_LOGPS, REFERENCE_LOGPS, LENGTHS}) {
            scores.put(name, graph.input(name, DType.FLOAT, PAIRS, Dim.of(2)));
        }
        for (OptionalInput input : objective.optionalInputs()) {
            if (input == OptionalInput.STATE) {
                String name = input.names().get(0);
                scores.put(name, graph.input(name, DType.FLOAT, Dim.of(objective.stateSize())));
            } else if (input != OptionalInput.DETACHED_LOGPS) {
                input.declare(graph, DType.FLOAT).forEach(value -> scores.put(value.name(), value));
            }
        }
        return scores;
    }
}
