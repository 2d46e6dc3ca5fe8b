package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** h = x + attention(x), then h + mlp(h). */
public record SequentialBlock(Residual attention, Residual mlp) implements Part {

    @Override
    public List<Parameter> parameters() {
        return Part.join(attention, mlp);
    }

    @Override
    public void prepare(ForwardPass pass) {
        attention.prepare(pass);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        Value attended = pass.ops().add(x, attention.apply(pass, x));
        return pass.ops().add(attended, mlp.apply(pass, attended));
    }
}
