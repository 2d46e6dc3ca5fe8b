package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.dilort.autodiff.Form;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * One optimizer step over all parameters, in place, as a graph that stands in a training session's evaluation slot.
 *
 * <pre>
 * g = gradient * min(1, max_norm / (norm + 1e-6)), with the norm over all gradients; then the rule of the optimizer
 * </pre>
 *
 * <p>Where the norm is not finite, nothing changes. Inputs: the optimizer's scalars, which the caller computes in double
 * and which count applied updates only. Output: {@code gradient_norm}, before clipping.
 */
public final class UpdateGraph {
    public static final String GRADIENT_NORM = "gradient_norm";
    public static final String DONE = "done";

    /** PyTorch's guard against division by a zero norm. */
    private static final double NORM_EPSILON = 1e-6;

    private final Ops ops;
    private final Optimizer optimizer;
    private final Predicate<Parameter> decayed;
    private final Map<String, Value> scalars = new LinkedHashMap<>();
    private final Map<String, Value> shared = new HashMap<>();
    private final List<ParameterUpdate.Tensors> all = new ArrayList<>();

    private UpdateGraph(
            GraphBuilder graph, List<Parameter> parameters, Optimizer optimizer, Predicate<Parameter> decayed) {
        this.ops = new Ops(graph);
        this.optimizer = optimizer;
        this.decayed = decayed;
        for (String scalar : new TreeSet<>(optimizer.scalars(0, 1).keySet())) {
            scalars.put(scalar, graph.input(scalar, DType.FLOAT));
        }
        List<Value> weights = new ArrayList<>();
        for (Parameter parameter : parameters) {
            weights.add(TrainingGraph.declare(graph, parameter.name(), parameter.shape(), DType.FLOAT));
        }
        List<StateInputs> states = StateInputs.declare(graph, parameters, optimizer, DType.FLOAT);
        for (int i = 0; i < parameters.size(); i++) {
            StateInputs inputs = states.get(i);
            all.add(new ParameterUpdate.Tensors(
                    parameters.get(i), weights.get(i), inputs.gradient(), inputs.optimizer()));
        }
    }

    /**
     * @param decayed which parameters weight decay acts on
     * @param form how the norm is written
     */
    public static Graph build(
            List<Parameter> parameters, Optimizer optimizer, Predicate<Parameter> decayed, Form form) {
        GraphBuilder graph = new GraphBuilder("update");
        UpdateGraph update = new UpdateGraph(graph, parameters, optimizer, decayed);
        update.writeTo(graph, form);
        return graph.build();
    }

    private Value norm(Form form) {
        Stream<Value> gradients = all.stream().map(ParameterUpdate.Tensors::gradient);
        return form == Form.CONTRIB
                ? ops.normOfAll(gradients.toArray(Value[]::new))
                : ops.sqrt(ops.sum(gradients.map(ops::sumSquares).toArray(Value[]::new)));
    }

    private void writeTo(GraphBuilder graph, Form form) {
        Value norm = norm(form);
        ParameterUpdate.Clipped clipped = clipped(norm);
        List<Value> done = new ArrayList<>();
        for (ParameterUpdate.Tensors tensors : all) {
            Parameter parameter = tensors.parameter();
            ParameterUpdate update =
                    new ParameterUpdate(ops, tensors, clipped, scalars, shared, decayed.test(parameter));
            ops.scope(parameter.name(), () -> {
                optimizer.write(update);
                return done.addAll(update.done());
            });
        }
        graph.output(GRADIENT_NORM, norm);
        graph.output(DONE, ops.concat(0, done.toArray(Value[]::new)));
    }

    private ParameterUpdate.Clipped clipped(Value norm) {
        Value finite = ops.not(ops.or(ops.isNaN(norm), ops.isInf(norm)));
        double bound = optimizer.maxGradientNorm();
        Value one = ops.scalar(norm, 1);
        Value limit = Double.isInfinite(bound) ? one : ops.div(ops.scalar(norm, bound), ops.add(norm, NORM_EPSILON));
        return new ParameterUpdate.Clipped(ops.where(finite, ops.min(limit, one), ops.scalar(norm, 0)), finite);
    }
}
