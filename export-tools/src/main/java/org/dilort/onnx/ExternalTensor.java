package org.dilort.onnx;

/**
 * A constant whose bytes lie in a file beside the model (ONNX external data).
 *
 * @param location file name relative to the model's folder
 * @param offset first byte
 * @param length bytes
 */
public record ExternalTensor(Value value, String location, long offset, long length) {
    public ExternalTensor {
        long expected = value.dtype().bytesOf(value.shape().elements().value());
        if (length != expected) {
            throw new IllegalArgumentException(value + ": " + length + " external bytes, expected " + expected);
        }
        if (offset < 0) {
            throw new IllegalArgumentException(value + ": offset " + offset + ", expected >= 0");
        }
    }
}
