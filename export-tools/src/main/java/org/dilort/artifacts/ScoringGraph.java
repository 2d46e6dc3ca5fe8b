package org.dilort.artifacts;

import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Weights;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;

/**
 * Documents in, {@code policy_logps [pairs, 2]} out, for an inference session: the reference pass, evaluation and
 * scoring. The weights stay in the files they lie in.
 */
public final class ScoringGraph {
    private ScoringGraph() {}

    public static Graph build(CausalLm model, GraphOptions options, Function<String, StoredWeight> stored) {
        GraphBuilder graph = new GraphBuilder("scoring");
        Tape tape = new Tape(new Ops(graph), options.form());
        BatchInputs batch = BatchInputs.declare(graph, options.compute());
        Weights weights = WeightInitializers.declare(tape, model, stored);
        SequenceScores scores = SequenceScores.build(tape, model, weights, batch, options);
        graph.output(TrainingGraph.POLICY_LOGPS, scores.logps());
        return graph.build();
    }
}
