package org.dilort.artifacts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.dilort.error.FormatException;
import org.dilort.onnx.DType;
import org.dilort.weights.NamedTensors;
import org.dilort.weights.TensorInfo;

/**
 * The places of a source's weights, and of the codes of {@link org.dilort.weights.BlockFormat}, as graphs refer to them; nothing is copied.
 *
 * <p>ONNX Runtime refuses a file that a symbolic link puts outside the folder of external data, which is how the cache
 * of Hugging Face's hub keeps a model. So files go by where they really lie, and the folder is what they share.
 */
public final class StoredWeights implements Function<String, StoredWeight> {
    private final NamedTensors source;
    private final Map<Path, Path> realFiles = new TreeMap<>();
    private final Path folder;

    public StoredWeights(NamedTensors source) {
        this.source = source;
        for (TensorInfo tensor : source.tensors().values()) {
            realFiles.computeIfAbsent(tensor.file(), StoredWeights::real);
        }
        this.folder = realFiles.values().stream()
                .map(Path::getParent)
                .reduce(StoredWeights::common)
                .orElseThrow(() -> new FormatException(source.location() + ": no tensors"));
    }

    /** The folder that a session must be given for external data. */
    public Path folder() {
        return folder;
    }

    /** Whether a weight is stored in fewer bits than graphs compute with. */
    public boolean anyNarrow() {
        return source.tensors().values().stream()
                .anyMatch(tensor -> tensor.type().bits() < Float.SIZE);
    }

    @Override
    public StoredWeight apply(String name) {
        TensorInfo tensor = source.info(name);
        DType dtype = switch (tensor.type()) {
            case F64 -> DType.DOUBLE;
            case F32 -> DType.FLOAT;
            case F16 -> DType.FLOAT16;
            case BF16 -> DType.BFLOAT16;
            case I8 -> DType.INT8;
            case U8 -> DType.INT4;
            default ->
                throw new FormatException(
                        name + ": type " + tensor.type() + ", expected F64, F32, F16 or BF16 (" + tensor.file() + ")");
        };
        String file = folder.relativize(realFiles.get(tensor.file())).toString();
        return new StoredWeight(dtype, file, tensor.offset(), tensor.bytes());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be found", e);
        }
    }

    private static Path common(Path one, Path other) {
        Path folder = one;
        while (!other.startsWith(folder)) {
            folder = folder.getParent();
        }
        return folder;
    }
}
