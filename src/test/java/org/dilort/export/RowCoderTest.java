package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RowCoderTest {
    private static final long SEED = Long.getLong("dil.seed", 20261128L);

    /** What a reader makes of the codes again. */
    static float[] decoded(RowCoder coder, float[] row) {
        ByteBuffer codes = ByteBuffer.allocate(coder.codeBytes(row.length));
        ByteBuffer scales = ByteBuffer.allocate(Float.BYTES * coder.scales(row.length));
        coder.encode(row, codes, scales);
        float[] values = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            if (coder == EightBits.CODER) {
                values[i] = ((codes.get(i) & 0xff) - EightBits.ZERO) * scales.getFloat(0);
            } else {
                int code = codes.get(i / 2) >> (i % 2 == 0 ? 0 : 4) & 0xf;
                values[i] = (code - 8) * scales.getFloat(i / FourBits.BLOCK * Float.BYTES);
            }
        }
        return values;
    }

    /** The greatest size is -4, so the scale is -4 / -8 = 0.5 and codes are v / 0.5 + 8: 0, 8, 9, 14; 3.8 gives 15.6, cut to 15. */
    @Test
    void fourBitsByHand() {
        ByteBuffer codes = ByteBuffer.allocate(16);
        ByteBuffer scales = ByteBuffer.allocate(4);
        FourBits.CODER.encode(new float[] {-4, 0, 0.4f, 3, 3.8f}, codes, scales);
        assertThat(scales.getFloat(0)).isEqualTo(0.5f);
        assertThat(Arrays.copyOf(codes.array(), 4)).containsExactly(0x80, 0xe9, 0x8f, 0x88);
        assertThat(Arrays.copyOfRange(codes.array(), 4, 16)).containsOnly(0x88);
    }

    /** Of greatest size 8 the scale is 8 / -8 = -1: 8 has the code 0, and -7 has 15. */
    @Test
    void fourBitsOfAPositiveExtremeHaveANegativeScale() {
        assertThat(decoded(FourBits.CODER, new float[] {8, -7, 1})).containsExactly(8, -7, 1);
    }

    /** The scale is 127 / 127 = 1; 63.4 rounds to 63, -63.5 half up to -63. */
    @Test
    void eightBitsByHand() {
        ByteBuffer codes = ByteBuffer.allocate(4);
        ByteBuffer scales = ByteBuffer.allocate(4);
        EightBits.CODER.encode(new float[] {127, -127, 63.4f, -63.5f}, codes, scales);
        assertThat(scales.getFloat(0)).isEqualTo(1);
        assertThat(codes.array()).containsExactly(255, 1, 191, 65);
    }

    /** 190 of the smallest numbers over 127 is 1.496 of them, which is rounded to 1: the code is cut at 127. */
    @Test
    void eightBitsOfTheSmallestNumbersStayInAByte() {
        float[] row = {190 * Float.MIN_VALUE, -190 * Float.MIN_VALUE, Float.MIN_VALUE};
        assertThat(decoded(EightBits.CODER, row))
                .containsExactly(127 * Float.MIN_VALUE, -127 * Float.MIN_VALUE, Float.MIN_VALUE);
    }

    @Test
    void zerosStayZeros() {
        float[] zeros = new float[70];
        assertThat(decoded(FourBits.CODER, zeros)).containsOnly(0);
        assertThat(decoded(EightBits.CODER, zeros)).containsOnly(0);
    }

    /** Half a step of rounding; in 4 bits a whole one at the end that is cut. */
    @Test
    void everyNumberIsWithinAStep() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            float[] row = new float[1 + random.nextInt(100)];
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 4)));
            }
            float[] four = decoded(FourBits.CODER, row);
            float[] eight = decoded(EightBits.CODER, row);
            float whole = greatest(row, 0, row.length);
            for (int i = 0; i < row.length; i++) {
                int start = i / FourBits.BLOCK * FourBits.BLOCK;
                float block = greatest(row, start, Math.min(row.length, start + FourBits.BLOCK));
                assertThat(Math.abs(four[i] - row[i])).as("seed %d", SEED).isLessThanOrEqualTo(block / 8 * 1.0001f);
                assertThat(Math.abs(eight[i] - row[i])).as("seed %d", SEED).isLessThanOrEqualTo(whole / 254 * 1.001f);
            }
        }
    }

    private static float greatest(float[] row, int from, int until) {
        float greatest = 0;
        for (int i = from; i < until; i++) {
            greatest = Math.max(greatest, Math.abs(row[i]));
        }
        return greatest;
    }
}
