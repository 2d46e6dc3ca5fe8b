package org.dilort.lora;

import java.util.List;
import org.dilort.autodiff.Tape;
import org.dilort.model.CausalLm;
import org.dilort.model.ModelSize;
import org.dilort.model.OutputProjection;
import org.dilort.model.Parameter;
import org.dilort.model.Parameter.Layout;
import org.dilort.model.SoftCap;
import org.dilort.model.TokenStream;
import org.dilort.model.Weights;
import org.dilort.onnx.Value;

/** The smallest model there is: a table of two tokens, and one linear layer with a bias, from 3 to 2. */
record LinearChain(Layout layout) implements CausalLm {
    @Override
    public ModelSize size() {
        return new ModelSize(2, 3, 1, 1, 1, 2, 8);
    }

    @Override
    public double initializerRange() {
        return 1;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.matrix("table.weight", 2, 3),
                layout == Layout.OUT_IN
                        ? Parameter.matrix("layer.weight", 2, 3)
                        : Parameter.transposedMatrix("layer.weight", 3, 2),
                Parameter.offset("layer.bias", 2));
    }

    @Override
    public Value hiddenStates(Tape tape, Weights weights, TokenStream tokens) {
        Value ids = tape.ops().reshape(tokens.inputIds(), tokens.count());
        return weights.linear(tape.ops(), "layer", weights.rows(tape.ops(), "table.weight", ids));
    }

    @Override
    public OutputProjection outputProjection(Weights weights) {
        return new OutputProjection(weights.get("table.weight"), SoftCap.NONE);
    }
}
