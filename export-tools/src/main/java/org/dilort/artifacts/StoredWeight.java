package org.dilort.artifacts;

import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.Shape;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/**
 * Where the bytes of a weight lie.
 *
 * @param dtype double, float, float16 or bfloat16; INT8 or INT4 for codes
 * @param file name relative to the folder that the session is given for external data
 */
public record StoredWeight(DType dtype, String file, long offset, long length) {

    /** Adds it to a graph under the parameter's name. */
    Value declare(GraphBuilder graph, Parameter parameter) {
        return declare(graph, parameter.name(), parameter.shape());
    }

    Value declare(GraphBuilder graph, String name, Shape shape) {
        return graph.external(name, new TensorType(dtype, shape), file, offset, length);
    }
}
