package org.dilort.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The weights of one graph, by their names in the checkpoint, in the model's compute type. */
public final class Weights {
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Layout> layouts = new HashMap<>();

    private Weights() {}

    /** @param value gives each parameter's value in the graph; asked in order */
    public static Weights of(List<Parameter> parameters, Function<Parameter, Value> value) {
        Weights weights = new Weights();
        for (Parameter parameter : parameters) {
            weights.values.put(parameter.name(), value.apply(parameter));
            weights.layouts.put(parameter.name(), parameter.layout());
        }
        return weights;
    }

    public Value get(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no weight " + name + " in this graph");
        }
        return value;
    }

    /**
     * The linear layer {@code module}: x times {@code module.weight}, plus {@code module.bias} where the model has one.
     * Every projection inside a block goes through here.
     *
     * @param x {@code [rows * length, in]}
     * @return {@code [rows * length, out]}
     */
    public Value linear(Ops ops, String module, Value x) {
        String name = module + ".weight";
        Value weight = get(name);
        Value bias = values.get(module + ".bias");
        if (layouts.get(name) == Layout.IN_OUT) {
            return bias == null ? ops.product(x, weight) : ops.product(x, weight, bias);
        }
        return bias == null ? ops.linear(x, weight) : ops.linear(x, weight, bias);
    }
}
