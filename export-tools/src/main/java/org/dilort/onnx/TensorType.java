package org.dilort.onnx;

/** Element type and shape. */
public record TensorType(DType dtype, Shape shape) {

    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    public TensorType withDType(DType other) {
        return new TensorType(other, shape);
    }

    @Override
    public String toString() {
        return dtype.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
