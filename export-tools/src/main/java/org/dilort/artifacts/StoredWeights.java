package org.dilort.artifacts;

import java.nio.file.Path;
import java.util.function.Function;
import org.dilort.error.FormatException;
import org.dilort.onnx.DType;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightSource;

/** The places of a source's weights, as graphs refer to them; nothing is copied. */
public record StoredWeights(WeightSource source) implements Function<String, StoredWeight> {

    /** The folder that a session must be given for external data. */
    public Path folder() {
        Path location = source.location().toAbsolutePath();
        return location.toFile().isDirectory() ? location : location.getParent();
    }

    @Override
    public StoredWeight apply(String name) {
        TensorInfo tensor = source.info(name);
        DType dtype = switch (tensor.type()) {
            case F32 -> DType.FLOAT;
            case F16 -> DType.FLOAT16;
            case BF16 -> DType.BFLOAT16;
            default ->
                throw new FormatException(
                        name + ": type " + tensor.type() + ", expected F32, F16 or BF16 (" + tensor.file() + ")");
        };
        String file = folder().relativize(tensor.file().toAbsolutePath()).toString();
        return new StoredWeight(dtype, file, tensor.offset(), tensor.bytes());
    }
}
