package org.dilort.weights;

/**
 * Conversions between float32 and the two 16-bit formats, as IEEE 754 defines them: to 16 bits rounds to nearest, ties
 * to even, overflow goes to infinity, and a NaN stays a NaN of the same sign. From 16 bits is exact.
 *
 * <p>float16 has 1 sign, 5 exponent and 10 fraction bits; bfloat16 is the upper half of a float32.
 */
public final class HalfFloats {
    private static final int FLOAT_INFINITY = 0x7f800000;

    /** 65520, half-way between the largest float16 and the next power of two. */
    private static final int FLOAT16_OVERFLOW = 0x477ff000;

    /** 2^-14, the smallest normal float16. */
    private static final int FLOAT16_NORMAL = 0x38800000;

    /** 2^-25, half of the smallest float16; it ties to zero. */
    private static final int FLOAT16_UNDERFLOW = 0x33000000;

    /** Difference of the exponent biases, 127 - 15, in place. */
    private static final int FLOAT16_BIAS = 112 << 23;

    private HalfFloats() {}

    public static float fromBfloat16(short value) {
        return Float.intBitsToFloat(value << 16);
    }

    public static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fffffff) > FLOAT_INFINITY) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    public static float fromFloat16(short value) {
        int sign = (value & 0x8000) << 16;
        int exponent = value >>> 10 & 0x1f;
        int fraction = value & 0x3ff;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | FLOAT_INFINITY | fraction << 13);
        }
        return Float.intBitsToFloat(sign | (exponent << 23) + FLOAT16_BIAS | fraction << 13);
    }

    public static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > FLOAT_INFINITY) {
            return (short) (sign | 0x7e00 | magnitude >>> 13 & 0x3ff);
        }
        if (magnitude >= FLOAT16_OVERFLOW) {
            return (short) (sign | 0x7c00);
        }
        if (magnitude < FLOAT16_NORMAL) {
            return (short) (sign | subnormalFloat16(magnitude));
        }
        int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | rounded - FLOAT16_BIAS >>> 13);
    }

    /** Counts multiples of 2^-24; a result of 1024 is the smallest normal number, as it should be. */
    private static int subnormalFloat16(int magnitude) {
        if (magnitude <= FLOAT16_UNDERFLOW) {
            return 0;
        }
        int shift = 126 - (magnitude >>> 23);
        int significand = magnitude & 0x7fffff | 0x800000;
        int half = 1 << shift - 1;
        int quotient = significand >>> shift;
        int remainder = significand & (1 << shift) - 1;
        boolean up = remainder > half || remainder == half && (quotient & 1) == 1;
        return up ? quotient + 1 : quotient;
    }
}
