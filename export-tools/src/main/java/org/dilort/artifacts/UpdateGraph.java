package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;

/**
 * One AdamW step over all parameters, in place, as a graph that stands in a training session's evaluation slot.
 *
 * <pre>
 * g = gradient * min(1, max_norm / (norm + 1e-6))
 * m += (1 - beta1) (g - m)        v += (1 - beta2) (g² - v)
 * W -= learning_rate (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon) + decay W)
 * </pre>
 *
 * <p>Where the norm is not finite, nothing changes. Inputs, scalars: {@code learning_rate}, {@code step_size}
 * (learning rate / (1 - beta1^t)), {@code second_correction} (1 / sqrt(1 - beta2^t)); t counts applied updates and is
 * kept by the caller, who computes in double. Output: {@code gradient_norm}, before clipping.
 */
public final class UpdateGraph {
    public static final String LEARNING_RATE = "learning_rate";
    public static final String STEP_SIZE = "step_size";
    public static final String SECOND_CORRECTION = "second_correction";
    public static final String GRADIENT_NORM = "gradient_norm";
    public static final String DONE = "done";

    /** PyTorch's guard against division by a zero norm. */
    private static final double NORM_EPSILON = 1e-6;

    private final AdamW settings;
    private final Ops ops;
    private final Predicate<String> decayed;
    private final Value learningRate;
    private final Value stepSize;
    private final Value secondCorrection;
    private final List<State> states = new ArrayList<>();

    private record State(String name, Value weight, Value gradient, Value firstMoment, Value secondMoment) {}

    private UpdateGraph(GraphBuilder graph, List<Parameter> parameters, AdamW settings, Predicate<String> decayed) {
        this.settings = settings;
        this.ops = new Ops(graph);
        this.decayed = decayed;
        this.learningRate = graph.input(LEARNING_RATE, DType.FLOAT);
        this.stepSize = graph.input(STEP_SIZE, DType.FLOAT);
        this.secondCorrection = graph.input(SECOND_CORRECTION, DType.FLOAT);
        List<Value> weights = new ArrayList<>();
        for (Parameter parameter : parameters) {
            weights.add(TrainingGraph.declare(graph, parameter.name(), parameter, DType.FLOAT));
        }
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            String name = parameter.name();
            states.add(new State(
                    name,
                    weights.get(i),
                    TrainingGraph.declare(graph, StateNames.gradient(name), parameter, DType.FLOAT),
                    TrainingGraph.declare(graph, StateNames.firstMoment(name), parameter, DType.FLOAT),
                    TrainingGraph.declare(graph, StateNames.secondMoment(name), parameter, DType.FLOAT)));
        }
    }

    /** @param decayed which parameters weight decay acts on, by name */
    public static Graph build(CausalLm model, AdamW settings, Predicate<String> decayed) {
        GraphBuilder graph = new GraphBuilder("update");
        UpdateGraph update = new UpdateGraph(graph, model.parameters(), settings, decayed);
        update.writeTo(graph);
        return graph.build();
    }

    private void writeTo(GraphBuilder graph) {
        Value[] squares =
                states.stream().map(state -> ops.sumSquares(state.gradient())).toArray(Value[]::new);
        Value norm = ops.sqrt(ops.sum(squares));
        Value finite = ops.not(ops.or(ops.isNaN(norm), ops.isInf(norm)));
        List<Value> done = new ArrayList<>();
        for (State state : states) {
            ops.scope(state.name(), () -> done.addAll(update(state, norm, finite)));
        }
        graph.output(GRADIENT_NORM, norm);
        graph.output(DONE, ops.concat(0, done.toArray(Value[]::new)));
    }

    /** A write in place is no dependency: each one here needs, through its operand, all that must read the old value. */
    private List<Value> update(State state, Value norm, Value finite) {
        Value g = clipped(state.gradient(), norm, finite);
        Value firstChange = ops.mul(ops.sub(g, state.firstMoment()), onlyIf(finite, 1 - settings.beta1()));
        Value secondChange =
                ops.mul(ops.sub(ops.mul(g, g), state.secondMoment()), onlyIf(finite, 1 - settings.beta2()));
        Ops.Accumulated first = ops.accumulate(state.firstMoment(), firstChange);
        Ops.Accumulated second = ops.accumulate(state.secondMoment(), secondChange);
        Value root = ops.mul(ops.sqrt(second.updated()), secondCorrection);
        Value direction = ops.div(first.updated(), ops.add(root, settings.epsilon()));
        Value change = ops.mul(direction, ops.neg(onlyIf(finite, stepSize)));
        if (settings.weightDecay() > 0 && decayed.test(state.name())) {
            Value decay = ops.mul(onlyIf(finite, learningRate), -settings.weightDecay());
            change = ops.add(change, ops.mul(state.weight(), decay));
        }
        return List.of(
                first.done(),
                second.done(),
                ops.accumulate(state.weight(), change).done());
    }

    private Value clipped(Value gradient, Value norm, Value finite) {
        Value zero = ops.scalar(gradient, 0);
        Value usable = ops.where(finite, gradient, zero);
        if (Double.isInfinite(settings.maxGradientNorm())) {
            return usable;
        }
        Value limit = ops.div(ops.scalar(norm, settings.maxGradientNorm()), ops.add(norm, NORM_EPSILON));
        Value factor = ops.where(finite, ops.min(limit, ops.scalar(norm, 1)), zero);
        return ops.mul(usable, factor);
    }

    private Value onlyIf(Value condition, double value) {
        return onlyIf(condition, ops.constant(Tensor.of(DType.FLOAT, Shape.SCALAR, value)));
    }

    private Value onlyIf(Value condition, Value value) {
        return ops.where(condition, value, ops.scalar(value, 0));
    }
}
