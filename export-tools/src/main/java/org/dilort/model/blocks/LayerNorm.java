package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Layers;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** (x - mean) / sqrt(variance + epsilon) * gain + offset over the last axis (arXiv 1607.06450). */
public record LayerNorm(String module, int size, double epsilon) implements Part {

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.gain(weight(), size), Parameter.offset(bias(), size));
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        return Layers.layerNorm(pass.ops(), x, pass.weight(weight()), pass.weight(bias()), epsilon);
    }

    private String weight() {
        return module + ".weight";
    }

    private String bias() {
        return module + ".bias";
    }
}
