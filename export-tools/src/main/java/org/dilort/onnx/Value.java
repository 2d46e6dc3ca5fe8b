package org.dilort.onnx;

import java.util.Objects;

/** A named tensor of one graph: an input, a constant, or an output of a node. */
public record Value(String name, TensorType type) {
    public Value {
        Objects.requireNonNull(type, "type");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a value needs a name");
        }
    }

    public DType dtype() {
        return type.dtype();
    }

    public Shape shape() {
        return type.shape();
    }

    public Dim dim(int axis) {
        return type.shape().dim(axis);
    }

    public int rank() {
        return type.shape().rank();
    }

    @Override
    public String toString() {
        return "%" + name + ":" + type;
    }
}
