package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** down(act(up x)). */
public record Mlp(Part up, Part down, Activation activation) implements Part {

    @Override
    public List<Parameter> parameters() {
        return Part.join(up, down);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        return down.apply(pass, activation.apply(pass.ops(), up.apply(pass, x)));
    }
}
