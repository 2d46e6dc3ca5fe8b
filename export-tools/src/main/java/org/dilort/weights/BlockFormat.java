package org.dilort.weights;

import java.nio.file.Path;
import java.util.List;

/**
 * Matrices in few bits: each row is cut into blocks of {@value #BLOCK} elements, the last of which may be shorter, and
 * an element is an integer code times the scale of its block. ONNX's {@code DequantizeLinear} with {@code block_size}
 * reads this.
 *
 * <pre>
 * int8   scale = max |w| / 127                     codes -127 .. 127
 * int4   scale = (the w with the greatest |w|) / -8   codes -8 .. 7
 * </pre>
 *
 * The scale of int4 may be negative: so the greatest element, of either sign, gets the code -8, the one that has no
 * counterpart, and is exact. A block of zeros has the scale 0.
 */
public enum BlockFormat {
    INT8(8, -127, 127),
    INT4(4, -8, 7);

    public static final int BLOCK = 64;

    private final int bits;
    private final int least;
    private final int greatest;

    BlockFormat(int bits, int least, int greatest) {
        this.bits = bits;
        this.least = least;
        this.greatest = greatest;
    }

    /** Name of the tensor that holds the codes of a weight. */
    public static String codes(String weight) {
        return weight + ".codes";
    }

    /** Name of the tensor that holds the scales of a weight. */
    public static String scales(String weight) {
        return weight + ".scales";
    }

    /** Blocks of a row. */
    public static long blocks(long columns) {
        return (columns + BLOCK - 1) / BLOCK;
    }

    public int bits() {
        return bits;
    }

    /** int8 as I8 in the shape of the weight; int4 as U8, two codes a byte in row-major order, the first in the low half. */
    public TensorInfo codes(TensorInfo weight, Path file, long offset) {
        long elements = weight.elements();
        return this == INT8
                ? new TensorInfo(codes(weight.name()), WeightType.I8, weight.shape(), file, offset, elements)
                : new TensorInfo(
                        codes(weight.name()),
                        WeightType.U8,
                        List.of((elements + 1) / 2),
                        file,
                        offset,
                        (elements + 1) / 2);
    }

    /** F32 {@code [rows, ceil(columns / BLOCK)]}. */
    public TensorInfo scales(TensorInfo weight, Path file, long offset) {
        List<Long> shape = List.of(weight.shape().get(0), blocks(weight.shape().get(1)));
        return new TensorInfo(scales(weight.name()), WeightType.F32, shape, file, offset, WeightType.F32.bytes(shape));
    }

    float scale(float[] values, int count) {
        float extreme = 0;
        for (int i = 0; i < count; i++) {
            extreme = Math.abs(values[i]) > Math.abs(extreme) ? values[i] : extreme;
        }
        if (extreme == 0) {
            return 0;
        }
        return this == INT8 ? Math.abs(extreme) / greatest : extreme / least;
    }

    /** The nearest code; ties go to the even one. */
    byte code(float value, float scale) {
        if (scale == 0) {
            return 0;
        }
        return (byte) Math.max(least, Math.min(greatest, Math.rint((double) value / scale)));
    }
}
