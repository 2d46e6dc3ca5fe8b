package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfFloatsTest {
    private static final int INFINITE_HALF = 0x7c00;

    @ParameterizedTest
    @CsvSource({
        "0.0, 0000",
        "-0.0, 8000",
        "1.0, 3c00",
        "-2.0, c000",
        "65504.0, 7bff",
        "65519.99, 7bff",
        "65520.0, 7c00",
        "-1e9, fc00",
        "Infinity, 7c00",
        "-Infinity, fc00",
        "6.103515625E-5, 0400",
        "6.097555160522461E-5, 03ff",
        "5.9604644775390625E-8, 0001",
        "2.98023223876953125E-8, 0000",
        "2.98023259404E-8, 0001",
        "8.940696716308594E-8, 0002",
        "1.401298464324817E-45, 0000",
        "2049.0, 6800",
        "2051.0, 6802",
        "0.333333343, 3555"
    })
    void roundsToFloat16(float value, String expectedHex) {
        assertThat(Integer.toHexString(0x10000 | HalfFloats.toFloat16(value) & 0xffff)
                        .substring(1))
                .isEqualTo(expectedHex);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0, 0000",
        "-0.0, 8000",
        "1.0, 3f80",
        "-2.0, c000",
        "1.00390625, 3f80",
        "1.01171875, 3f82",
        "1.0039064, 3f81",
        "3.3895314E38, 7f7f",
        "3.4028235E38, 7f80",
        "Infinity, 7f80",
        "-Infinity, ff80",
        "1.401298464324817E-45, 0000",
        "9.183549615799121E-41, 0001"
    })
    void roundsToBfloat16(float value, String expectedHex) {
        assertThat(Integer.toHexString(0x10000 | HalfFloats.toBfloat16(value) & 0xffff)
                        .substring(1))
                .isEqualTo(expectedHex);
    }

    @Test
    void everyFloat16HasItsValueAndComesBack() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = HalfFloats.fromFloat16((short) bits);
            int exponent = bits >>> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            if (exponent == 0x1f && fraction != 0) {
                assertThat(value).isNaN();
                assertThat(HalfFloats.toFloat16(value) & 0x7c00).isEqualTo(INFINITE_HALF);
                assertThat(HalfFloats.fromFloat16(HalfFloats.toFloat16(value))).isNaN();
                continue;
            }
            double magnitude = exponent == 0x1f
                    ? Double.POSITIVE_INFINITY
                    : exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
            assertThat((double) value).as("bits %x", bits).isEqualTo(bits < 0x8000 ? magnitude : -magnitude);
            assertThat(HalfFloats.toFloat16(value)).as("bits %x", bits).isEqualTo((short) bits);
        }
    }

    @Test
    void everyBfloat16ComesBack() {
        for (int bits = 0; bits < 0x10000; bits++) {
            float value = HalfFloats.fromBfloat16((short) bits);
            if (Float.isNaN(value)) {
                assertThat(HalfFloats.fromBfloat16(HalfFloats.toBfloat16(value)))
                        .isNaN();
                continue;
            }
            assertThat(HalfFloats.toBfloat16(value)).as("bits %x", bits).isEqualTo((short) bits);
        }
    }

    @Test
    void everyMidpointOfTwoFloat16GoesToTheEvenOne() {
        for (int bits = 0; bits < 0x7bff; bits++) {
            float low = HalfFloats.fromFloat16((short) bits);
            float high = HalfFloats.fromFloat16((short) (bits + 1));
            float middle = low + (high - low) / 2;
            short even = (short) ((bits & 1) == 0 ? bits : bits + 1);
            assertThat(HalfFloats.toFloat16(middle)).as("bits %x", bits).isEqualTo(even);
            assertThat(HalfFloats.toFloat16(Math.nextDown(middle)))
                    .as("bits %x", bits)
                    .isEqualTo((short) bits);
            assertThat(HalfFloats.toFloat16(Math.nextUp(middle)))
                    .as("bits %x", bits)
                    .isEqualTo((short) (bits + 1));
        }
    }

    @Test
    void everyMidpointOfTwoBfloat16GoesToTheEvenOne() {
        for (int bits = 0; bits < 0x7f7f; bits++) {
            float middle = Float.intBitsToFloat(bits << 16 | 0x8000);
            short even = (short) ((bits & 1) == 0 ? bits : bits + 1);
            assertThat(HalfFloats.toBfloat16(middle)).as("bits %x", bits).isEqualTo(even);
            assertThat(HalfFloats.toBfloat16(Math.nextDown(middle)))
                    .as("bits %x", bits)
                    .isEqualTo((short) bits);
            assertThat(HalfFloats.toBfloat16(Math.nextUp(middle)))
                    .as("bits %x", bits)
                    .isEqualTo((short) (bits + 1));
        }
    }

    @Test
    void noFloat16IsNearerThanTheChosenOne() {
        long seed = 20240607;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50_000; i++) {
            float value = (float) (random.nextDouble(-1, 1) * Math.pow(2, random.nextInt(-26, 16)));
            short chosen = HalfFloats.toFloat16(value);
            double error = Math.abs((double) value - HalfFloats.fromFloat16(chosen));
            for (int step : new int[] {-1, 1}) {
                double other = Math.abs((double) value - HalfFloats.fromFloat16((short) (chosen + step)));
                assertThat(Double.isNaN(other) || error <= other)
                        .as("seed %d, value %s", seed, value)
                        .isTrue();
            }
        }
    }

    @Test
    void notANumberKeepsItsSignInBothFormats() {
        float negative = Float.intBitsToFloat(0xffc00001);
        float payloadInLowBits = Float.intBitsToFloat(0x7f800001);
        assertThat(HalfFloats.toFloat16(negative) & 0xffff).isEqualTo(0xfe00);
        assertThat(HalfFloats.toBfloat16(negative) & 0xffff).isEqualTo(0xffc0);
        assertThat(HalfFloats.fromFloat16(HalfFloats.toFloat16(payloadInLowBits)))
                .isNaN();
        assertThat(HalfFloats.fromBfloat16(HalfFloats.toBfloat16(payloadInLowBits)))
                .isNaN();
    }
}
