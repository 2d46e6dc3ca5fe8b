package org.dilort.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Round numbers along an axis: 1, 2 or 5 times a power of ten apart. */
final class Ticks {
    private static final double[] MANTISSAS = {1, 2, 5, 10};
    private static final int PLAIN_DIGITS = 5;

    private Ticks() {}

    /** About {@code count} of them, ascending. */
    static List<Double> of(Range range, int count) {
        double step = round(range.size() / count);
        List<Double> ticks = new ArrayList<>();
        for (double i = Math.ceil(range.low() / step); i * step <= range.high(); i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** The nearest of 1, 2, 5 times a power of ten, by ratio; 0 stays. */
    static double round(double value) {
        if (value == 0) {
            return 0;
        }
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        double nearest = power;
        for (double mantissa : MANTISSAS) {
            double candidate = mantissa * power;
            if (Math.abs(Math.log(candidate / value)) < Math.abs(Math.log(nearest / value))) {
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** A number of an axis. */
    static String text(double value) {
        return text(value, 3);
    }

    /** A number of that many digits at most, plain between 0.0001 and 99999. */
    static String text(double value, int digits) {
        BigDecimal rounded =
                new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (rounded.signum() == 0) {
            return "0";
        }
        if (exponent < PLAIN_DIGITS && exponent > -PLAIN_DIGITS) {
            return rounded.toPlainString();
        }
        return rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }
}
