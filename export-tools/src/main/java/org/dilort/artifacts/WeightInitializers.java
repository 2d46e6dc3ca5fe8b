package org.dilort.artifacts;

import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.lora.FrozenWeights;
import org.dilort.model.CausalLm;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;

/** Declares a model's weights as constants that lie in files, cast to float where they are stored in less. */
public final class WeightInitializers {
    private WeightInitializers() {}

    static Weights declare(Tape tape, CausalLm model, Function<String, StoredWeight> stored) {
        return model.weights(
                tape,
                DType.FLOAT,
                parameter -> tape.ops()
                        .cast(stored.apply(parameter.name()).declare(tape.ops().graph(), parameter), DType.FLOAT));
    }

    /** Weights that stay in the files and the type in which they are stored. */
    public static FrozenWeights frozen(Function<String, StoredWeight> stored) {
        return (graph, parameter) ->
                new FrozenWeights.Cast(stored.apply(parameter.name()).declare(graph, parameter));
    }
}
