package org.dilort.model.blocks;

import java.util.List;
import org.dilort.model.Parameter;
import org.dilort.onnx.Value;

/** What one half of a block adds to the hidden states: after(body(before(x))). */
public record Residual(Part before, Part body, Part after) implements Part {

    /** Normalises what goes in. */
    public static Residual preNorm(Part norm, Part body) {
        return new Residual(norm, body, NONE);
    }

    @Override
    public List<Parameter> parameters() {
        return Part.join(before, body, after);
    }

    @Override
    public void prepare(ForwardPass pass) {
        body.prepare(pass);
    }

    @Override
    public Value apply(ForwardPass pass, Value x) {
        return after.apply(pass, body.apply(pass, before.apply(pass, x)));
    }
}
