package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Layers;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** x / sqrt(mean(x²) + epsilon) * gain over the last axis (arXiv 1910.07467). */
public record RmsNorm(String module, int size, double epsilon) implements Part {

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.gain(weight(), size));
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        return Layers.rmsNorm(pass.ops(), x, pass.weight(weight()), epsilon);
    }

    private String weight() {
        return module + ".weight";
    }
}
