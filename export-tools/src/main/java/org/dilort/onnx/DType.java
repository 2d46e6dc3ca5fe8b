package org.dilort.onnx;

/** An element type, with ONNX's number for it. */
public enum DType {
    FLOAT(1, 4),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8),
    BFLOAT16(16, 2);

    private final int onnxNumber;
    private final int bytes;

    DType(int onnxNumber, int bytes) {
        this.onnxNumber = onnxNumber;
        this.bytes = bytes;
    }

    public int onnxNumber() {
        return onnxNumber;
    }

    public int bytes() {
        return bytes;
    }

    public boolean isFloat() {
        return switch (this) {
            case FLOAT, FLOAT16, DOUBLE, BFLOAT16 -> true;
            case INT32, INT64, BOOL -> false;
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
