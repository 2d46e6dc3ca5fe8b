package org.dilort.export;

import java.nio.ByteBuffer;

/**
 * Blocks of 32 numbers of a row, each as a code from 0 to 15 in half a byte, the first in the low half, and a scale a block:
 * {@code value = (code - 8) * scale}. The number of greatest size becomes the code 0, which is the one end of the codes that has
 * no other of its size. The last block of a row is filled up with zeros, code 8.
 */
enum FourBits implements RowCoder {
    CODER;

    static final int BLOCK = 32;
    private static final int ZERO = 8;
    private static final int LAST = 15;

    static int blocks(int in) {
        return (in + BLOCK - 1) / BLOCK;
    }

    @Override
    public int codeBytes(int in) {
        return blocks(in) * BLOCK / 2;
    }

    @Override
    public int scales(int in) {
        return blocks(in);
    }

    @Override
    public void encode(float[] row, ByteBuffer codes, ByteBuffer scales) {
        for (int start = 0; start < row.length; start += BLOCK) {
            float scale = scale(row, start);
            scales.putFloat(scale);
            for (int i = start; i < start + BLOCK; i += 2) {
                codes.put((byte) (code(row, i, scale) | code(row, i + 1, scale) << 4));
            }
        }
    }

    private static float scale(float[] row, int start) {
        float extreme = 0;
        for (int i = start; i < Math.min(row.length, start + BLOCK); i++) {
            extreme = Math.abs(row[i]) > Math.abs(extreme) ? row[i] : extreme;
        }
        return extreme == 0 ? 0 : extreme / -ZERO;
    }

    private static int code(float[] row, int i, float scale) {
        if (i >= row.length || scale == 0) {
            return ZERO;
        }
        return Math.max(0, Math.min(LAST, Math.round(row[i] / scale) + ZERO));
    }
}
