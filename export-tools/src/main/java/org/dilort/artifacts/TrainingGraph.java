package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.autodiff.Tape;
import org.dilort.heads.Objective;
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
 * <p>The model's backward pass starts from d loss / d log-probability, whoever computes it. An objective whose pairs are
 * independent is differentiated in the graph; the outputs are then {@code loss} (the sum of pair weight times pair
 * loss), {@code losses}, {@code saturated} and {@code skipped} {@code [pairs]}, {@code policy_logps} and {@code rewards}
 * {@code [pairs, 2]}. One that couples the pairs of a step is differentiated outside, over all of them at once, and its
 * gradient arrives as the inputs {@link #coefficient}; the outputs are then {@code loss} (of no meaning), {@code
 * policy_logps} and what the heads ask for.
 *
 * <p>The accumulators stand last and in the order of the parameters: ONNX Runtime then runs each as soon as its gradient
 * exists, instead of keeping the whole backward pass alive.
 */
public final class TrainingGraph {
    public static final String LOSS = "loss";
    public static final String LOSSES = "losses";
    public static final String POLICY_LOGPS = "policy_logps";
    public static final String REWARDS = "rewards";
    public static final String SATURATED = "saturated";
    public static final String SKIPPED = "skipped";

    /** Always fed by ONNX Runtime: true on the first micro-batch of an optimizer step. */
    static final String RESET = "lazy_reset_grad";

    /** Inputs with this ending are gradient buffers that ONNX Runtime owns. */
    private static final String STOCK_BUFFER = "_grad.accumulation.buffer";

    /** Outputs with this ending are computed and never fetched. */
    private static final String UNFETCHED = "_grad.accumulation.out";

    private static final String REFERENCE_TOKEN_LOGPS = "reference_token_logps";

    private final GraphBuilder graph;
    private final Tape tape;
    private final BatchInputs batch;
    private final List<Value> parameters;
    private final Value loss;

    private TrainingGraph(CausalLm model, Objective objective, GraphOptions options) {
        this.graph = new GraphBuilder("training");
        Ops ops = new Ops(graph);
        this.tape = new Tape(ops, options.form(), options.recompute());
        this.batch = BatchInputs.declare(graph, options.compute());
        Weights weights = model.weights(
                tape,
                options.compute(),
                parameter -> declare(graph, parameter.name(), parameter.shape(), options.compute()));
        this.parameters = model.parameters().stream()
                .map(parameter -> weights.get(parameter.name()))
                .toList();
        SequenceScores scores = SequenceScores.build(tape, model, weights, batch, options, objective.optionalInputs());
        this.loss = objective.scope() == Scope.STEP ? stepLoss(objective, scores) : pairLoss(objective, scores);
        graph.output(POLICY_LOGPS, scores.logps());
    }

    /** Input of the graphs of step heads: d loss / d output, in the output's shape. */
    public static String coefficient(String carrier) {
        return carrier + ".coefficients";
    }

    private Value pairLoss(Objective objective, SequenceScores scores) {
        Map<String, Value> known = new LinkedHashMap<>(scores.values());
        known.put(ObjectiveGraph.REFERENCE_LOGPS, batch.referenceLogps());
        if (objective.asksFor(OptionalInput.TOKEN_LOGPS)) {
            Value own = known.get(OptionalInput.TOKEN_LOGPS.names().get(0));
            known.put(REFERENCE_TOKEN_LOGPS, graph.input(REFERENCE_TOKEN_LOGPS, own.dtype(), own.dim(0)));
        }
        ObjectiveGradient result =
                ObjectiveGradient.build(tape, objective, known, batch.stepCounts(), batch.pairWeights());
        graph.output(LOSS, result.loss());
        graph.output(LOSSES, result.losses());
        graph.output(REWARDS, result.rewards());
        graph.output(SATURATED, result.saturated());
        graph.output(SKIPPED, result.skipped());
        return linear(result.gradients(), scores);
    }

    private Value stepLoss(Objective objective, SequenceScores scores) {
        Map<String, Value> coefficients = new LinkedHashMap<>();
        for (String carrier : objective.carriers()) {
            Value output = scores.values().get(carrier);
            Dim[] dims = output.shape().dims().toArray(Dim[]::new);
            coefficients.put(carrier, graph.input(coefficient(carrier), output.dtype(), dims));
        }
        Value linear = linear(coefficients, scores);
        graph.output(LOSS, linear);
        for (OptionalInput input : objective.optionalInputs()) {
            input.givenByModel()
                    .forEach(name -> graph.output(name, scores.values().get(name)));
        }
        return linear;
    }

    /** The sum of coefficient times output, whose gradient is that of the loss that the coefficients come from. */
    private Value linear(Map<String, Value> coefficients, SequenceScores scores) {
        Ops ops = tape.ops();
        List<Value> parts = new ArrayList<>();
        coefficients.forEach((carrier, coefficient) ->
                parts.add(ops.sumAll(ops.mul(coefficient, scores.values().get(carrier)))));
        return parts.stream().reduce(ops::add).orElseThrow();
    }

    /**
     * The graph that adds each parameter's gradient to its sum, as ONNX Runtime's training session runs it.
     *
     * @param optimizer whose state is declared, though only the update's graph uses it
     */
    public static Graph build(CausalLm model, Objective objective, GraphOptions options, Optimizer optimizer) {
        TrainingGraph training = new TrainingGraph(model, objective, options);
        List<Parameter> trained = model.parameters();
        List<StateInputs> states = StateInputs.declare(training.graph, trained, optimizer, options.compute());
        training.accumulate(trained, states.stream().map(StateInputs::gradient).toList());
        training.touch(trained, states);
        return options.finished(training.graph.build());
    }

    /** The same for ONNX Runtime's standard layout: the runtime owns the gradient buffers, its optimizer the moments. */
    static Graph stock(CausalLm model, Objective objective, GraphOptions options) {
        TrainingGraph training = new TrainingGraph(model, objective, options);
        List<Value> buffers = new ArrayList<>();
        for (Parameter parameter : model.parameters()) {
            String name = parameter.name() + STOCK_BUFFER;
            buffers.add(declare(training.graph, name, parameter.shape(), options.compute()));
        }
        training.accumulate(model.parameters(), buffers);
        return options.finished(training.graph.build());
    }

    /** Loss and log-probabilities alone, with the parameters as inputs: the evaluation graph of the standard layout. */
    static Graph forwardOnly(CausalLm model, Objective objective, GraphOptions options) {
        return options.finished(new TrainingGraph(model, objective, options).graph.build());
    }

    /** The same with every gradient as an output {@code NAME.gradient}, for any session and for tests. */
    public static Graph withGradientOutputs(CausalLm model, Objective objective, GraphOptions options) {
        TrainingGraph training = new TrainingGraph(model, objective, options);
        List<Value> gradients = training.tape.gradients(training.loss, training.parameters);
        for (int i = 0; i < gradients.size(); i++) {
            String name = StateNames.gradient(model.parameters().get(i).name());
            training.graph.output(name, gradients.get(i));
        }
        return options.finished(training.graph.build());
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

    /**
     * Reads one row of each tensor of the optimizer's state. ONNX Runtime keeps a parameter on the device where the
     * training graph uses it; one that it never used would stay on the CPU, and the update would change a copy.
     */
    private void touch(List<Parameter> trained, List<StateInputs> states) {
        for (int i = 0; i < states.size(); i++) {
            String parameter = trained.get(i).name();
            states.get(i)
                    .optimizer()
                    .forEach((kind, state) -> graph.output(
                            StateNames.of(parameter, kind) + UNFETCHED,
                            tape.ops().slice(state, 0, 0, 1)));
        }
    }

    static Value declare(GraphBuilder graph, String name, Shape shape, DType dtype) {
        return graph.input(name, dtype, shape.dims().toArray(Dim[]::new));
    }
}
