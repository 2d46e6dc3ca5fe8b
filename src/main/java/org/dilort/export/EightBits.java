package org.dilort.export;

import java.nio.ByteBuffer;

/**
 * A row as a byte each and one scale: {@code value = (code - 128) * scale}, the number of greatest size 127 scales from 0. Codes
 * are not signed, because older processors add up products of signed bytes in too few bits.
 */
enum EightBits implements RowCoder {
    CODER;

    static final int ZERO = 128;
    private static final int GREATEST = 127;

    @Override
    public int codeBytes(int in) {
        return in;
    }

    @Override
    public int scales(int in) {
        return 1;
    }

    @Override
    public void encode(float[] row, ByteBuffer codes, ByteBuffer scales) {
        float extreme = 0;
        for (float value : row) {
            extreme = Math.max(extreme, Math.abs(value));
        }
        float scale = extreme / GREATEST;
        scales.putFloat(scale);
        for (float value : row) {
            codes.put((byte) (code(value, scale) + ZERO));
        }
    }

    /** Of a scale that is itself rounded to the smallest numbers, the quotient may be greater than 127. */
    private static int code(float value, float scale) {
        return scale == 0 ? 0 : Math.max(-GREATEST, Math.min(GREATEST, Math.round(value / scale)));
    }
}
