package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Ops;
import org.dilort.onnx.Value;

/** down(act(g) * u), g and u the halves of what one projection gives. */
public record FusedGatedMlp(Part gateAndUp, Part down, Activation activation) implements Part {

    @Override
    public List<Parameter> parameters() {
        return Part.join(gateAndUp, down);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        Ops ops = pass.ops();
        Value both = gateAndUp.apply(pass, x); // [rows * length, 2 * intermediate]
        long width = both.dim(1).value();
        Value gate = ops.slice(both, 1, 0, width / 2); // [rows * length, intermediate]
        Value up = ops.slice(both, 1, width / 2, width); // [rows * length, intermediate]
        return down.apply(pass, ops.mul(activation.apply(ops, gate), up));
    }
}
