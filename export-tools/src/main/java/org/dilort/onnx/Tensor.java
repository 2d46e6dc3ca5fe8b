package org.dilort.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.LongStream;

/** A constant held in memory: small by design, big weights stay in files ({@link ExternalTensor}). */
public final class Tensor {
    private final DType dtype;
    private final Shape shape;
    private final byte[] littleEndian;

    Tensor(DType dtype, Shape shape, byte[] littleEndian) {
        long expected = dtype.bytesOf(shape.elements().value());
        if (littleEndian.length != expected) {
            throw new IllegalArgumentException(
                    "tensor " + dtype + shape + ": " + littleEndian.length + " bytes, expected " + expected);
        }
        this.dtype = dtype;
        this.shape = shape;
        this.littleEndian = littleEndian.clone();
    }

    public static Tensor scalar(DType dtype, double value) {
        return of(dtype, Shape.SCALAR, value);
    }

    /** A tensor of any numeric type; each value is rounded to it. */
    public static Tensor of(DType dtype, Shape shape, double... values) {
        ByteBuffer buffer = buffer(dtype, values.length);
        for (double value : values) {
            put(buffer, dtype, value);
        }
        return new Tensor(dtype, shape, buffer.array());
    }

    public static Tensor int64s(long... values) {
        return int64s(Shape.of(values.length), values);
    }

    static Tensor int64s(Shape shape, long... values) {
        ByteBuffer buffer = buffer(DType.INT64, values.length);
        LongStream.of(values).forEach(buffer::putLong);
        return new Tensor(DType.INT64, shape, buffer.array());
    }

    private static ByteBuffer buffer(DType dtype, int count) {
        return ByteBuffer.allocate(Math.toIntExact(dtype.bytesOf(count))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void put(ByteBuffer buffer, DType dtype, double value) {
        switch (dtype) {
            case FLOAT -> buffer.putFloat((float) value);
            case DOUBLE -> buffer.putDouble(value);
            case INT64 -> buffer.putLong((long) value);
            case INT32 -> buffer.putInt((int) value);
            case INT8, UINT8 -> buffer.put((byte) (int) value);
            case BOOL -> buffer.put((byte) (value != 0 ? 1 : 0));
            case FLOAT16, BFLOAT16 ->
                throw new IllegalArgumentException(dtype + " constants are written as float and cast");
            case INT4 -> throw new IllegalArgumentException(dtype + " constants are in files, expected INT8");
        }
    }

    public DType dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public TensorType type() {
        return new TensorType(dtype, shape);
    }

    byte[] bytes() {
        return littleEndian.clone();
    }

    /** Values as doubles, row-major. */
    public double[] toDoubles() {
        ByteBuffer buffer = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[littleEndian.length * 8 / dtype.bits()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (dtype) {
                case FLOAT -> buffer.getFloat();
                case DOUBLE -> buffer.getDouble();
                case INT64 -> buffer.getLong();
                case INT32 -> buffer.getInt();
                case INT8, BOOL -> buffer.get();
                case UINT8 -> buffer.get() & 0xff;
                case INT4, FLOAT16, BFLOAT16 -> throw new IllegalStateException(dtype + " constants are not read back");
            };
        }
        return values;
    }

    /** Values as longs, for the integer types. */
    public long[] toLongs() {
        if (dtype != DType.INT64) {
            return Arrays.stream(toDoubles()).mapToLong(value -> (long) value).toArray();
        }
        long[] values = new long[littleEndian.length / Long.BYTES];
        ByteBuffer.wrap(littleEndian)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(values);
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor that
                && dtype == that.dtype
                && shape.equals(that.shape)
                && Arrays.equals(littleEndian, that.littleEndian);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(littleEndian) + 7 * dtype.hashCode() + shape.hashCode();
    }

    @Override
    public String toString() {
        boolean readable = switch (dtype) {
            case INT4, FLOAT16, BFLOAT16 -> false;
            case FLOAT, DOUBLE, INT8, UINT8, INT32, INT64, BOOL -> littleEndian.length <= 64;
        };
        return readable ? type() + Arrays.toString(toDoubles()) : type().toString();
    }
}
