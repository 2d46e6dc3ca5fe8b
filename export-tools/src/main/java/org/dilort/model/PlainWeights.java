package org.dilort.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.dilort.model.Parameter.Layout;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** Weights that are used as they are. */
final class PlainWeights implements Weights {
    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Layout> layouts = new HashMap<>();

    PlainWeights(List<Parameter> parameters, Function<Parameter, Value> value) {
        for (Parameter parameter : parameters) {
            values.put(parameter.name(), value.apply(parameter));
            layouts.put(parameter.name(), parameter.layout());
        }
    }

    @Override
    public Value get(String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no weight " + name + " in this graph");
        }
        return value;
    }

    @Override
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
