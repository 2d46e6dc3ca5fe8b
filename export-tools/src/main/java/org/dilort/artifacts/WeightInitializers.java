package org.dilort.artifacts;

import java.util.Set;
import java.util.function.Function;
import org.dilort.autodiff.Tape;
import org.dilort.lora.FrozenWeights;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.Dim;
import org.dilort.onnx.GraphBuilder;
import org.dilort.weights.BlockFormat;

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

    /** As {@link #frozen(Function)}, but the codes and scales of these matrices. */
    public static FrozenWeights frozen(Function<String, StoredWeight> stored, Set<String> blocked) {
        FrozenWeights others = frozen(stored);
        return (graph, parameter) -> blocked.contains(parameter.name())
                ? blocks(stored, graph, parameter)
                : others.declare(graph, parameter);
    }

    private static FrozenWeights.Weight blocks(
            Function<String, StoredWeight> stored, GraphBuilder graph, Parameter parameter) {
        String codes = BlockFormat.codes(parameter.name());
        String scales = BlockFormat.scales(parameter.name());
        long blocks = BlockFormat.blocks(parameter.shape().dim(1).value());
        return new FrozenWeights.Blocks(
                stored.apply(codes).declare(graph, codes, parameter.shape()),
                stored.apply(scales).declare(graph, scales, parameter.shape().with(1, Dim.of(blocks))),
                BlockFormat.BLOCK);
    }
}
