package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** x + attention(x) + mlp(x): both read the same input. */
public record ParallelBlock(Residual attention, Residual mlp) implements Part {

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
        Value both = pass.ops().add(attention.apply(pass, x), mlp.apply(pass, x));
        return pass.ops().add(x, both);
    }
}
