package org.dilort.artifacts;

import java.util.function.Function;
import org.dilort.model.CausalLm;
import org.dilort.model.Weights;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Ops;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/** Declares a model's weights as constants that lie in files, cast to float where they are stored in less. */
final class WeightInitializers {
    private WeightInitializers() {}

    static Weights declare(GraphBuilder graph, CausalLm model, Function<String, StoredWeight> stored) {
        Ops ops = new Ops(graph);
        return Weights.of(model.parameters(), parameter -> {
            StoredWeight weight = stored.apply(parameter.name());
            TensorType type = new TensorType(weight.dtype(), parameter.shape());
            Value value = graph.external(parameter.name(), type, weight.file(), weight.offset(), weight.length());
            return ops.cast(value, DType.FLOAT);
        });
    }
}
