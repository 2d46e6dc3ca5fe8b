package org.dilort.artifacts;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
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
        Map<String, Value> values = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters()) {
            StoredWeight weight = stored.apply(parameter.name());
            TensorType type = new TensorType(weight.dtype(), parameter.shape());
            Value value = graph.external(parameter.name(), type, weight.file(), weight.offset(), weight.length());
            values.put(parameter.name(), ops.cast(value, DType.FLOAT));
        }
        return new Weights(values);
    }
}
