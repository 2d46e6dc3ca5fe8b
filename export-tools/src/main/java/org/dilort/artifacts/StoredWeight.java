package org.dilort.artifacts;

import org.dilort.model.Parameter;
import org.dilort.onnx.DType;
import org.dilort.onnx.GraphBuilder;
import org.dilort.onnx.TensorType;
import org.dilort.onnx.Value;

/**
 * Where the bytes of a weight lie.
 *
 * @param dtype double, float, float16 or bfloat16
 * @param file name relative to the folder that the session is given for external data
 */
public record StoredWeight(DType dtype, String file, long offset, long length) {

    /** Adds it to a graph under the parameter's name. */
    Value declare(GraphBuilder graph, Parameter parameter) {
        return graph.external(parameter.name(), new TensorType(dtype, parameter.shape()), file, offset, length);
    }
}
