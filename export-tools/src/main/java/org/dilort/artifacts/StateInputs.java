package org.dilort.artifacts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Value;

/**
 * The training state of one parameter beside its weight, as inputs of a graph. ONNX Runtime feeds the graphs of a session
 * by position, so all must declare the same tensors in the same order: weights first, then the state of each.
 *
 * @param optimizer by kind
 */
record StateInputs(Value gradient, Map<String, Value> optimizer) {

    static List<StateInputs> declare(GraphBuilder graph, List<Parameter> parameters, Optimizer optimizer, DType dtype) {
        List<StateInputs> inputs = new ArrayList<>();
        for (Parameter parameter : parameters) {
            String name = parameter.name();
            Value gradient = TrainingGraph.declare(graph, StateNames.gradient(name), parameter.shape(), dtype);
            Map<String, Value> kept = new LinkedHashMap<>();
            for (Optimizer.StateTensor tensor : optimizer.state(parameter)) {
                String stateName = StateNames.of(name, tensor.kind());
                kept.put(tensor.kind(), TrainingGraph.declare(graph, stateName, tensor.shape(), dtype));
            }
            inputs.add(new StateInputs(gradient, kept));
        }
        return inputs;
    }
}
