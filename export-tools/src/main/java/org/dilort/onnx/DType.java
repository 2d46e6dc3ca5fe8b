package org.dilort.onnx;

/** An element type, with ONNX's number for it. */
public enum DType {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    INT32(6, 32),
    INT64(7, 64),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    BFLOAT16(16, 16),
    /** Two elements a byte, the first in the low half; only in files beside a model. */
    INT4(22, 4);

    private final int onnxNumber;
    private final int bits;

    DType(int onnxNumber, int bits) {
        this.onnxNumber = onnxNumber;
        this.bits = bits;
    }

    public int onnxNumber() {
        return onnxNumber;
    }

    /** Bytes of so many elements, the last byte perhaps half used. */
    public long bytesOf(long elements) {
        return Math.addExact(Math.multiplyExact(elements, (long) bits), 7) / 8;
    }

    int bits() {
        return bits;
    }

    public boolean isFloat() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
            case INT4, INT8, UINT8, INT32, INT64, BOOL -> false;
        };
    }

    static DType ofOnnx(long number) {
        for (DType type : values()) {
            if (type.onnxNumber == number) {
                return type;
            }
        }
        throw new IllegalArgumentException("ONNX element type " + number + " is not supported");
    }
}
