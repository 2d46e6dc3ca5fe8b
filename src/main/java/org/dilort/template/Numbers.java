package org.dilort.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** How Python compares numbers and writes them. */
final class Numbers {
    private static final int MAX_DIGITS = 17;
    /** Numbers of this power of ten and above, or below the other, are written with an exponent. */
    private static final int LARGE = 16;

    private static final int SMALL = -4;

    private Numbers() {}

    static boolean equal(Numeric a, Numeric b) {
        if (a.isWhole() && b.isWhole()) {
            return a.integer().equals(b.integer());
        }
        return isFinite(a) && isFinite(b) ? compare(a, b) == 0 : a.real() == b.real();
    }

    /** Exact, also between whole numbers and fractions; neither may be a NaN. */
    static int compare(Numeric a, Numeric b) {
        if (a.isWhole() && b.isWhole()) {
            return a.integer().compareTo(b.integer());
        }
        return isFinite(a) && isFinite(b) ? decimal(a).compareTo(decimal(b)) : Double.compare(a.real(), b.real());
    }

    static boolean isNaN(Numeric number) {
        return !number.isWhole() && Double.isNaN(number.real());
    }

    private static boolean isFinite(Numeric number) {
        return number.isWhole() || Double.isFinite(number.real());
    }

    private static BigDecimal decimal(Numeric number) {
        return number.isWhole() ? new BigDecimal(number.integer()) : new BigDecimal(number.real());
    }

    /** The shortest digits that give the same number again, laid out as Python does. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value > 0 ? "0.0" : "-0.0";
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().abs().toString();
        int exponent = digits.length() - shortest.scale() - 1;
        String sign = value < 0 ? "-" : "";
        return sign + (exponent < SMALL || exponent >= LARGE ? scientific(digits, exponent) : plain(shortest));
    }

    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < MAX_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
    }

    private static String scientific(String digits, int exponent) {
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = String.valueOf(Math.abs(exponent));
        return mantissa + (exponent < 0 ? "e-" : "e+") + (size.length() == 1 ? "0" + size : size);
    }

    private static String plain(BigDecimal number) {
        String text = number.abs().toPlainString();
        return text.indexOf('.') < 0 ? text + ".0" : text;
    }
}
