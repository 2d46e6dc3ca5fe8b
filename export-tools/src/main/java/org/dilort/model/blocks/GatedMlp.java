package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** down(act(gate x) * up x) (arXiv 2002.05202). */
public record GatedMlp(Part gate, Part up, Part down, Activation activation) implements Part {

    @Override
    public List<Parameter> parameters() {
        return Part.join(gate, up, down);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        Value opened = activation.apply(pass.ops(), gate.apply(pass, x)); // [rows * length, intermediate]
        return down.apply(pass, pass.ops().mul(opened, up.apply(pass, x)));
    }
}
