package org.dilort.heads;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;

/** Loss within 1e-5 and gradient within 1e-4 of a float64 number, wherever that fits into float. */
final class Close {
    private static final double FLOOR = 1e-8;

    private Close() {}

    static void loss(double actual, double expected, String what) {
        check(actual, expected, 1e-5, what);
    }

    static void gradient(double actual, double expected, String what) {
        check(actual, expected, 1e-4, what);
    }

    /** A gradient against a finite difference, which is itself good to 1e-7. */
    static void slope(double actual, double expected, String what) {
        check(actual, expected, 1e-4, 1e-7, what);
    }

    private static void check(double actual, double expected, double relative, String what) {
        check(actual, expected, relative, FLOOR, what);
    }

    static void check(double actual, double expected, double relative, double floor, String what) {
        if (Math.abs(expected) > Float.MAX_VALUE || Double.isNaN(expected)) {
            return;
        }
        assertThat(actual).as(what).isCloseTo(expected, Offset.offset(Math.max(relative * Math.abs(expected), floor)));
    }
}
