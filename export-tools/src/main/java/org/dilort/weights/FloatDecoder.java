package org.dilort.weights;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Turns little-endian bytes into floats; the buffer that comes back is valid until the next call. */
@FunctionalInterface
interface FloatDecoder {

    FloatBuffer decode(ByteBuffer raw);

    static FloatDecoder of(WeightType type, int capacity) {
        return switch (type) {
            case F32 -> ByteBuffer::asFloatBuffer;
            case F16 -> shorts(HalfFloats::fromFloat16, capacity);
            case BF16 -> shorts(HalfFloats::fromBfloat16, capacity);
            case F64 -> doubles(capacity);
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 ->
                throw new IllegalArgumentException("no conversion from " + type + " to float32");
        };
    }

    private static FloatDecoder shorts(ShortToFloat conversion, int capacity) {
        float[] floats = new float[capacity];
        return raw -> {
            ShortBuffer shorts = raw.asShortBuffer();
            int count = shorts.remaining();
            for (int i = 0; i < count; i++) {
                floats[i] = conversion.convert(shorts.get(i));
            }
            return FloatBuffer.wrap(floats, 0, count);
        };
    }

    private static FloatDecoder doubles(int capacity) {
        float[] floats = new float[capacity];
        return raw -> {
            DoubleBuffer doubles = raw.asDoubleBuffer();
            int count = doubles.remaining();
            for (int i = 0; i < count; i++) {
                floats[i] = (float) doubles.get(i);
            }
            return FloatBuffer.wrap(floats, 0, count);
        };
    }

    /** A conversion of one 16-bit value. */
    @FunctionalInterface
    interface ShortToFloat {
        float convert(short value);
    }
}
