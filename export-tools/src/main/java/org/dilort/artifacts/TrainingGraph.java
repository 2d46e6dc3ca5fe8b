package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Tape;
import org.dilort.heads.HeadGraph;
import org.dilort.heads.HeadSpec;
import org.dilort.heads.OptionalInput;
import org.dilort.heads.Scope;
import org.dilort.model.BatchInputs;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Value;

/**
 * The graph of one micro-batch: forward pass, loss, backward pass, and the sum of gradients.
 *
 * <p>Outputs: {@code loss} (the sum of pair weight times pair loss), {@code losses [pairs]}, {@code policy_logps}
 * and {@code rewards} {@code [pairs, 2]}; of a head whose scope is the step, only loss and log-probabilities. The accumulators stand last and in the order of the parameters: ONNX Runtime
 * then runs each as soon as its gradient exists, instead of keeping the whole backward pass alive.
 */
public final class TrainingGraph {
    public static final String LOSS = "loss";
    public static final String LOSSES = "losses";
    public static final String POLICY_LOGPS = "policy_logps";
    public static final String REWARDS = "rewards";

    /** Input of the graphs of step heads, {@code [pairs, 2]}: d loss / d log-probability. */
    public static final String LOGP_COEFFICIENTS = "logp_coefficients";

    /** Always fed by ONNX Runtime: true on the first micro-batch of an optimizer step. */
    static final String RESET = "lazy_reset_grad";

    /** Inputs with this ending are gradient buffers that ONNX Runtime owns. */
    private static final String STOCK_BUFFER = "_grad.accumulation.buffer";

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
        Weights weights = model.weights(
                tape,
                options.compute(),
                parameter -> declare(graph, parameter.name(), parameter.shape(), options.compute()));
        this.parameters = model.parameters().stream()
                .map(parameter -> weights.get(parameter.name()))
                .toList();
        SequenceScores scores = SequenceScores.build(tape, model, weights, batch, options);
        this.loss = head.head().scope() == Scope.STEP ? linearLoss(scores) : headLoss(head, scores);
        graph.output(LOSS, loss);
        graph.output(POLICY_LOGPS, scores.logps());
    }

    private Value headLoss(HeadSpec head, SequenceScores scores) {
        Ops ops = tape.ops();
        Map<String, Value> optional = new LinkedHashMap<>();
        if (head.head().optionalInputs().contains(OptionalInput.DETACHED_LOGPS)) {
            optional.put(OptionalInput.DETACHED_LOGPS.names().get(0), tape.detached(scores.logps()));
        }
        HeadGraph.Bindings bindings = new HeadGraph.Bindings(
                scores.logps(), batch.referenceLogps(), scores.lengths(), batch.stepCounts(), optional);
        HeadGraph.Inlined losses = ops.scope("head", () -> HeadGraph.inline(graph, head, bindings));
        graph.output(LOSSES, losses.losses());
        graph.output(REWARDS, losses.rewards());
        return ops.sumAll(ops.mul(losses.losses(), batch.pairWeights()));
    }

    /**
     * The sum of coefficient times log-probability: a head that couples the pairs of a step is differentiated outside,
     * over all of them at once, and what arrives here is its gradient.
     */
    private Value linearLoss(SequenceScores scores) {
        Ops ops = tape.ops();
        Value coefficients = graph.input(LOGP_COEFFICIENTS, scores.logps().dtype(), batch.pairs(), Dim.of(2));
        return ops.sumAll(ops.mul(coefficients, scores.logps()));
    }

    /**
     * The graph that adds each parameter's gradient to its sum, as ONNX Runtime's training session runs it.
     *
     * @param optimizer whose state is declared, though only the update's graph uses it
     */
    public static Graph build(CausalLm model, HeadSpec head, GraphOptions options, Optimizer optimizer) {
        TrainingGraph training = new TrainingGraph(model, head, options);
        List<Parameter> trained = model.parameters();
        List<StateInputs> states = StateInputs.declare(training.graph, trained, optimizer, options.compute());
        training.accumulate(trained, states.stream().map(StateInputs::gradient).toList());
        return training.graph.build();
    }

    /** The same for ONNX Runtime's standard layout: the runtime owns the gradient buffers, its optimizer the moments. */
    static Graph stock(CausalLm model, HeadSpec head, GraphOptions options) {
        TrainingGraph training = new TrainingGraph(model, head, options);
        List<Value> buffers = new ArrayList<>();
        for (Parameter parameter : model.parameters()) {
            String name = parameter.name() + STOCK_BUFFER;
            buffers.add(declare(training.graph, name, parameter.shape(), options.compute()));
        }
        training.accumulate(model.parameters(), buffers);
        return training.graph.build();
    }

    /** Loss and log-probabilities alone, with the parameters as inputs: the evaluation graph of the standard layout. */
    static Graph forwardOnly(CausalLm model, HeadSpec head, GraphOptions options) {
        return new TrainingGraph(model, head, options).graph.build();
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

    private void accumulate(List<Parameter> all, List<Value> sums) {
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

    static Value declare(GraphBuilder graph, String name, Shape shape, DType dtype) {
        return graph.input(name, dtype, shape.dims().toArray(Dim[]::new));
    }
}
