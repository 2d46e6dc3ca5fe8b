package org.dilort.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Graph;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Shape;
import org.dilort.onnx.Tensor;
import org.dilort.onnx.Value;
import org.dilort.testing.Array;
import org.dilort.testing.GraphRunner;

/**
 * Compares gradients with central differences, both through ONNX Runtime: the loss is a weighted sum of the function's
 * output, so that no derivative cancels by symmetry.
 */
final class GradientCheck {
    static final long SEED = Long.getLong("dil.seed", 20261123L);

    private GradientCheck() {}

    /** In double: relative error of 1e-7 with steps of 1e-5. */
    static void inDouble(Map<String, Array> inputs, BiFunction<Tape, List<Value>, Value> function) {
        check(DType.DOUBLE, Form.PLAIN, inputs, function, 1e-5, 1e-7);
    }

    /** In float, for operators that have no double kernel. */
    static void inFloat(Form form, Map<String, Array> inputs, BiFunction<Tape, List<Value>, Value> function) {
        check(DType.FLOAT, form, inputs, function, 1e-2, 3e-3);
    }

    private static void check(
            DType dtype,
            Form form,
            Map<String, Array> inputs,
            BiFunction<Tape, List<Value>, Value> function,
            double step,
            double tolerance) {
        try (GraphRunner runner = new GraphRunner(graph(dtype, form, inputs, function))) {
            Map<String, Array> analytic = runner.run(inputs);
            for (String name : inputs.keySet()) {
                for (int i = 0; i < inputs.get(name).values().length; i++) {
                    double expected = centralDifference(runner, inputs, name, i, step);
                    double actual = analytic.get(name + ".gradient").values()[i];
                    assertThat(Math.abs(actual - expected))
                            .as(
                                    "d loss / d %s[%d] = %s, finite difference %s, seed %d",
                                    name, i, actual, expected, SEED)
                            .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected)));
                }
            }
        }
    }

    /** Loss and gradients of {@code function} of inputs of fixed shapes. */
    static Graph graph(
            DType dtype, Form form, Map<String, Array> inputs, BiFunction<Tape, List<Value>, Value> function) {
        return graph(dtype, form, Recompute.NONE, inputs, function);
    }

    static Graph graph(
            DType dtype,
            Form form,
            Recompute recompute,
            Map<String, Array> inputs,
            BiFunction<Tape, List<Value>, Value> function) {
        GraphBuilder graph = new GraphBuilder("check");
        Ops ops = new Ops(graph);
        Tape tape = new Tape(ops, form, recompute);
        List<Value> values = new ArrayList<>();
        inputs.forEach((name, array) -> values.add(graph.input(name, dtype, dims(array))));
        Value output = function.apply(tape, values);
        Value loss = ops.sumAll(ops.mul(output, weights(ops, output)));
        graph.output("loss", loss);
        List<Value> gradients = tape.gradients(loss, values);
        List<String> names = new ArrayList<>(inputs.keySet());
        for (int i = 0; i < names.size(); i++) {
            graph.output(names.get(i) + ".gradient", gradients.get(i));
        }
        return graph.build();
    }

    private static Dim[] dims(Array array) {
        return Shape.of(array.shape()).dims().toArray(Dim[]::new);
    }

    private static Value weights(Ops ops, Value output) {
        int count = (int) output.shape().elements().value();
        double[] weights = new SplittableRandom(SEED).doubles(count, 0.5, 1.5).toArray();
        return ops.constant(Tensor.of(output.dtype(), output.shape(), weights));
    }

    private static double centralDifference(
            GraphRunner runner, Map<String, Array> inputs, String name, int index, double step) {
        double value = inputs.get(name).values()[index];
        return (loss(runner, inputs, name, index, value + step) - loss(runner, inputs, name, index, value - step))
                / (2 * step);
    }

    private static double loss(GraphRunner runner, Map<String, Array> inputs, String name, int index, double value) {
        Map<String, Array> moved = new LinkedHashMap<>(inputs);
        moved.put(name, inputs.get(name).withValue(index, value));
        return runner.run(moved).get("loss").values()[0];
    }
}
