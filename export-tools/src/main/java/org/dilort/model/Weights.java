package org.dilort.model;

import java.util.List;
import java.util.function.Function;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** The weights of one graph, by their names in the checkpoint, in the model's compute type. */
public interface Weights {

    /** @param value gives each parameter's value in the graph; asked in order */
    static Weights of(List<Parameter> parameters, Function<Parameter, Value> value) {
        return new PlainWeights(parameters, value);
    }

    Value get(String name);

    /**
     * The linear layer {@code module}: x times {@code module.weight}, plus {@code module.bias} where the model has one.
     * Every projection inside a block goes through here.
     *
     * @param x {@code [rows * length, in]}
     * @return {@code [rows * length, out]}
     */
    Value linear(Ops ops, String module, Value x);

    /**
     * A row of a table for each index.
     *
     * @param indices int64 {@code [n]}
     * @return {@code [n, columns]}
     */
    default Value rows(Ops ops, String table, Value indices) {
        return ops.gather(get(table), indices, 0);
    }
}
