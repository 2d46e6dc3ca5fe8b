package org.dilort.weights;

import java.nio.file.Path;
import java.util.List;

/**
 * A tensor of a file: what it is and where its little-endian, row-major bytes lie.
 *
 * @param offset of the first byte in {@code file}
 * @param bytes length of the data, always that of {@code type} and {@code shape}
 */
public record TensorInfo(String name, WeightType type, List<Long> shape, Path file, long offset, long bytes) {

    public TensorInfo {
        shape = List.copyOf(shape);
        if (offset < 0) {
            throw new IllegalArgumentException(name + ": offset " + offset + ", expected 0 or more");
        }
        if (shape.stream().anyMatch(dimension -> dimension < 0)) {
            throw new IllegalArgumentException(name + ": shape " + shape + ", expected no negative dimension");
        }
        if (type.bytes(shape) != bytes) {
            throw new IllegalArgumentException(
                    name + ": " + bytes + " bytes, expected " + type.bytes(shape) + " for " + type + " " + shape);
        }
    }

    public long elements() {
        return WeightType.elements(shape);
    }

    /** The same tensor under another name. */
    public TensorInfo renamed(String newName) {
        return new TensorInfo(newName, type, shape, file, offset, bytes);
    }

    /** The name as it may stand in a message of one line. */
    String label() {
        return TensorNames.printable(name);
    }
}
