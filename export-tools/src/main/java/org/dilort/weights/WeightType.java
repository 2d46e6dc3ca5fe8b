package org.dilort.weights;

import java.util.List;

/**
 * Element type of a stored tensor, by its safetensors name.
 *
 * <p>Every type can be listed and copied byte by byte; only those for which {@link #convertible()} holds turn into
 * float32.
 */
public enum WeightType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    WeightType(int bits) {
        this.bits = bits;
    }

    /** Bits of one element. */
    public int bits() {
        return bits;
    }

    public boolean convertible() {
        return this == F16 || this == BF16 || this == F32 || this == F64;
    }

    /**
     * Bytes of a tensor of this type.
     *
     * @throws ArithmeticException when the length overflows a long or is no whole number of bytes
     */
    public long bytes(List<Long> shape) {
        long total = Math.multiplyExact(elements(shape), (long) bits);
        if (total % 8 != 0) {
            throw new ArithmeticException("not a whole number of bytes");
        }
        return total / 8;
    }

    /**
     * Elements of a tensor; 1 for the empty shape.
     *
     * @throws ArithmeticException when the count overflows a long
     */
    public static long elements(List<Long> shape) {
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }
}
