package org.dilort.testing;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Numbers with a shape, row-major. */
public record Array(long[] shape, double[] values) {
    public Array {
        long expected = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        if (values.length != expected) {
            throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
        }
    }

    public static Array of(long[] shape, double... values) {
        return new Array(shape, values);
    }

    public static Array scalar(double value) {
        return new Array(new long[0], new double[] {value});
    }

    public static Array vector(double... values) {
        return new Array(new long[] {values.length}, values);
    }

    public static Array random(SplittableRandom random, double low, double high, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return new Array(shape, random.doubles(count, low, high).toArray());
    }

    public Array withValue(int index, double value) {
        double[] changed = values.clone();
        changed[index] = value;
        return new Array(shape, changed);
    }
}
