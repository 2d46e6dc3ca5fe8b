package org.dilort.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.dilort.error.FormatException;
import org.dilort.files.AtomicFile;

/**
 * Writes the elements of one tensor into a file as F32, F16, BF16 or F64; refuses more or fewer elements than announced
 * and finite values that overflow a 16-bit type.
 */
public final class FloatEncoder implements FloatSink {
    private static final int CHUNK_ELEMENTS = 1 << 17;

    private final AtomicFile file;
    private final String name;
    private final WeightType type;
    private final Put put;
    private final ByteBuffer raw;
    private long position;
    private long left;

    private FloatEncoder(AtomicFile file, long position, String name, WeightType type, long elements) {
        this.file = file;
        this.position = position;
        this.name = name;
        this.type = type;
        this.put = put(type);
        this.left = elements;
        int capacity = (int) Math.min(CHUNK_ELEMENTS, elements);
        this.raw = ByteBuffer.allocateDirect(capacity * (type.bits() / 8)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes {@code elements} elements from the source to this position of the file. */
    public static void write(
            AtomicFile file, long position, String name, WeightType type, long elements, FloatSource source) {
        FloatEncoder encoder = new FloatEncoder(file, position, name, type, elements);
        source.read(encoder);
        if (encoder.left != 0) {
            throw new IllegalArgumentException(
                    "%s: got %d elements, expected %d".formatted(name, elements - encoder.left, elements));
        }
    }

    @Override
    public void accept(FloatBuffer chunk) {
        if (chunk.remaining() > left) {
            throw new IllegalArgumentException(
                    "%s: got %d elements too many".formatted(name, chunk.remaining() - left));
        }
        while (chunk.hasRemaining()) {
            int count = Math.min(chunk.remaining(), raw.capacity() / (type.bits() / 8));
            raw.clear();
            for (int i = 0; i < count; i++) {
                put.put(raw, chunk.get());
            }
            flush();
            left -= count;
        }
    }

    private void flush() {
        raw.flip();
        int count = raw.remaining();
        file.write(raw, position);
        position += count;
    }

    private Put put(WeightType type) {
        return switch (type) {
            case F32 -> ByteBuffer::putFloat;
            case F64 -> ByteBuffer::putDouble;
            case F16 ->
                (target, value) -> {
                    short half = HalfFloats.toFloat16(value);
                    target.putShort(checked(half, value, (half & 0x7fff) == 0x7c00));
                };
            case BF16 ->
                (target, value) -> {
                    short half = HalfFloats.toBfloat16(value);
                    target.putShort(checked(half, value, (half & 0x7fff) == 0x7f80));
                };
            case BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, I16, U16, I32, U32, C64, I64, U64 ->
                throw new IllegalArgumentException(name + ": no conversion from float32 to " + type);
        };
    }

    private short checked(short half, float value, boolean infinite) {
        if (infinite && Float.isFinite(value)) {
            throw new FormatException(
                    "%s: value %s does not fit %s".formatted(TensorNames.printable(name), value, type));
        }
        return half;
    }

    /** Appends one element. */
    @FunctionalInterface
    private interface Put {
        void put(ByteBuffer target, float value);
    }
}
