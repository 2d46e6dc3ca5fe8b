package org.dilort.heads;

import java.util.function.UnaryOperator;
import org.dilort.onnx.Value;

/** One number for each response of a pair, both {@code [pairs, 1]}. */
public record Sides(Value chosen, Value rejected) {

    public Sides map(UnaryOperator<Value> function) {
        return new Sides(function.apply(chosen), function.apply(rejected));
    }
}
