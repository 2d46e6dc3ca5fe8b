package org.dilort.lora;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dilort.autodiff.Tape;
import org.dilort.model.Parameter;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/**
 * The weights of an adapted model in one graph.
 *
 * <pre>
 * LoRA   y = x Wᵀ + s (x Aᵀ) Bᵀ + bias
 * DoRA   y = m / n (x Wᵀ + s (x Aᵀ) Bᵀ) + bias   with n = ‖W + s B A‖ of each output, a constant for the gradient
 * </pre>
 */
final class AdaptedWeights implements Weights {
    /** Keeps an output whose weights are all zero at zero. */
    private static final double SMALLEST_SQUARE = 1e-30;

    private final Tape tape;
    private final DType compute;
    private final Adapters adapters;
    private final FrozenWeights frozen;
    private final Map<String, Parameter> base;
    private final Set<String> trainedNames;
    private final Weights trained;
    private final Map<String, FrozenWeights.Weight> declared = new HashMap<>();

    AdaptedWeights(Tape tape, DType compute, AdaptedModel model, Weights trained) {
        this.tape = tape;
        this.compute = compute;
        this.adapters = model.adapters();
        this.frozen = model.frozen();
        this.base = model.base().parameters().stream().collect(Collectors.toMap(Parameter::name, Function.identity()));
        this.trainedNames = model.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        this.trained = trained;
    }

    @Override
    public Value get(String name) {
        return trainedNames.contains(name) ? trained.get(name) : constant(name).use(tape.ops(), compute);
    }

    @Override
    public Value rows(Ops ops, String table, Value indices) {
        return trainedNames.contains(table)
                ? trained.rows(ops, table, indices)
                : constant(table).useRows(ops, indices, compute);
    }

    @Override
    public Value linear(Ops ops, String module, Value x) {
        String weight = module + ".weight";
        if (trainedNames.contains(weight)) {
            return trained.linear(ops, module, x);
        }
        FrozenLinear layer =
                new FrozenLinear(tape, compute, constant(weight), LinearLayer.of(module, parameter(weight)));
        Adapter adapter = adapters.byModule().get(module);
        Value product = adapter == null ? layer.product(x) : adapted(ops, layer, adapter, x);
        String bias = module + ".bias";
        return base.containsKey(bias) ? ops.add(product, get(bias)) : product;
    }

    private Value adapted(Ops ops, FrozenLinear layer, Adapter adapter, Value x) {
        double scale = adapter.settings().scale();
        Value a = trained.get(adapter.a());
        Value b = trained.get(adapter.b());
        Value narrow = ops.mul(ops.linear(x, a), scale); // [tokens, r]
        Value sum = ops.add(layer.product(x), ops.linear(narrow, b)); // [tokens, out]
        if (!adapter.hasMagnitude()) {
            return sum;
        }
        Value squares = layer.squaredNorms(a, b, scale); // [out, 1]
        Value norms = ops.sqrt(ops.max(squares, ops.scalar(squares, SMALLEST_SQUARE)));
        Value constant = tape.detached(ops.reshape(norms, Dim.of(layer.layer().out())));
        return ops.mul(sum, ops.div(trained.get(adapter.magnitude()), constant));
    }

    private FrozenWeights.Weight constant(String name) {
        return declared.computeIfAbsent(
                name, missing -> frozen.declare(tape.ops().graph(), parameter(missing)));
    }

    private Parameter parameter(String name) {
        Parameter parameter = base.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no weight " + name + " in this model");
        }
        return parameter;
    }
}
