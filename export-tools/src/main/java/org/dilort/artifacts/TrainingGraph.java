package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Tape;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * The graph of one micro-batch: forward pass, loss, backward pass, and the sum of gradients.
 *
 * <p>Outputs: {@code loss} (the sum of pair weight times pair loss), {@code losses [pairs]}, {@code policy_logps}
 * and {@code rewards} {@code [pairs, 2]}. The accumulators stand last and in the order of the parameters: ONNX Runtime
 * then runs each as soon as its gradient exists, instead of keeping the whole backward pass alive.
 */
public final class TrainingGraph {
    public static final String LOSS = "loss";
    public static final String LOSSES = "losses";
    public static final String POLICY_LOGPS = "policy_logps";
    public static final String REWARDS = "rewards";

    /** Always fed by ONNX Runtime: true on the first micro-batch of an optimizer step. */
    static final String RESET = "lazy_reset_grad";

    /** Outputs with this ending are computed and never fetched. */
    private static final String UNFETCHED = "_grad.accumulation.out";

    private final GraphBuilder graph;
    private final Tape tape;
    private final BatchInputs batch;
    private final List<Value> parameters;
    private final Value loss;

    private TrainingGraph(CausalLm model, HeadSpec head, GraphOptions options) {
        this.graph = new GraphBuilder("training");
        Ops ops = new Ops(graph);
        this.tape = new Tape(ops, options.form());
        this.batch = BatchInputs.declare(graph, options.compute());
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            inputs.put(parameter.name(), declare(graph, parameter.name(), parameter, options.compute()));
        }
        this.parameters = List.copyOf(inputs.values());
        SequenceScores scores = SequenceScores.build(tape, model, new Weights(inputs), batch, options);
        HeadGraph.Inlined losses = ops.scope(
                "head",
                () -> HeadGraph.inline(
                        graph,
                        head,
                        new HeadGraph.Bindings(
                                scores.logps(), batch.referenceLogps(), scores.lengths(), batch.stepCounts())));
        this.loss = ops.sumAll(ops.mul(losses.losses(), batch.pairWeights()));
        graph.output(LOSS, loss);
        graph.output(LOSSES, losses.losses());
        graph.output(POLICY_LOGPS, scores.logps());
        graph.output(REWARDS, losses.rewards());
    }

    /** The graph that adds each parameter's gradient to its sum, as ONNX Runtime's training session runs it. */
    public static Graph build(CausalLm model, HeadSpec head, GraphOptions options) {
        TrainingGraph training = new TrainingGraph(model, head, options);
        training.accumulate(model.parameters(), options.compute());
        return training.graph.build();
    }

    /** The same with every gradient as an output {@code NAME.gradient}, for any session and for tests. */
    public static Graph withGradientOutputs(CausalLm model, HeadSpec head, GraphOptions options) {
        TrainingGraph training = new TrainingGraph(model, head, options);
        List<Value> gradients = training.tape.gradients(training.loss, training.parameters);
        for (int i = 0; i < gradients.size(); i++) {
            String name = StateNames.gradient(model.parameters().get(i).name());
            training.graph.output(name, gradients.get(i));
        }
        return training.graph.build();
    }

    private void accumulate(List<Parameter> all, DType compute) {
        List<Value> sums = declareState(graph, all, compute);
        Value reset = graph.input(RESET, DType.BOOL, Dim.ONE);
        List<Value> gradients = tape.gradients(loss, parameters);
        List<Value> done = new ArrayList<>();
        for (int i = 0; i < gradients.size(); i++) {
            done.add(tape.ops().accumulate(sums.get(i), gradients.get(i), reset).done());
        }
        for (int i = 0; i < done.size(); i++) {
            graph.output(all.get(i).name() + UNFETCHED, done.get(i));
        }
    }

    /** Declares gradient sums and moments after the parameters, as every graph of a session must; gives the sums. */
    private static List<Value> declareState(GraphBuilder graph, List<Parameter> parameters, DType compute) {
        List<Value> sums = new ArrayList<>();
        for (Parameter parameter : parameters) {
            sums.add(declare(graph, StateNames.gradient(parameter.name()), parameter, compute));
            declare(graph, StateNames.firstMoment(parameter.name()), parameter, compute);
            declare(graph, StateNames.secondMoment(parameter.name()), parameter, compute);
        }
        return sums;
    }

    static Value declare(GraphBuilder graph, String name, Parameter parameter, DType dtype) {
        return graph.input(name, dtype, parameter.shape().dims().toArray(Dim[]::new));
    }
}
