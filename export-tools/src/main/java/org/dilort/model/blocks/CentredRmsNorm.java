package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Layers;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** x / sqrt(mean(x²) + epsilon) * (1 + gain) over the last axis: an RMS norm whose gain is stored as its distance from 1. */
public record CentredRmsNorm(String module, int size, double epsilon) implements Part {

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.offset(weight(), size));
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        Value gain = pass.ops().add(pass.weight(weight()), 1);
        return Layers.rmsNorm(pass.ops(), x, gain, epsilon);
    }

    private String weight() {
        return module + ".weight";
    }
}
