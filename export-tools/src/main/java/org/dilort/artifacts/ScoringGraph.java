package org.dilort.artifacts;

import java.util.Set;
import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.heads.OptionalInput;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Weights;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;

/**
 * Documents in, {@code policy_logps [pairs, 2]} and what is asked for beside them out, for an inference session: the
 * reference pass, evaluation and scoring. The weights stay in the files they lie in.
 */
public final class ScoringGraph {
    private ScoringGraph() {}

    /** @param wanted what heads ask for beside the sums */
    public static Graph build(
            CausalLm model, GraphOptions options, Set<OptionalInput> wanted, Function<String, StoredWeight> stored) {
        GraphBuilder graph = new GraphBuilder("scoring");
        Tape tape = new Tape(new Ops(graph), options.form());
        BatchInputs batch = BatchInputs.declare(graph, options.compute());
        Weights weights = WeightInitializers.declare(tape, model, stored);
        SequenceScores scores = SequenceScores.build(tape, model, weights, batch, options, wanted);
        graph.output(TrainingGraph.POLICY_LOGPS, scores.logps());
        for (OptionalInput input : wanted) {
            input.givenByModel()
                    .forEach(name -> graph.output(name, scores.values().get(name)));
        }
        return options.finished(graph.build());
    }
}
