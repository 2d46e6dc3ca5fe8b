package org.dilort.template;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/** Numbers as Python reads them: white space around them, underscores between digits. */
final class NumberTexts {
    private NumberTexts() {}

    static Optional<BigInteger> whole(String text) {
        String digits = Strings.strip(text);
        int sign = digits.startsWith("-") || digits.startsWith("+") ? 1 : 0;
        if (!isDigits(digits, sign, digits.length())) {
            return Optional.empty();
        }
        String plain = digits.replace("_", "");
        if (plain.length() > Int.DIGITS) {
            throw Fault.limit("a number of more than " + Int.DIGITS + " digits");
        }
        return Optional.of(new BigInteger(plain));
    }

    static Optional<Double> real(String text) {
        String number = Strings.strip(text).toLowerCase(Locale.ROOT);
        int sign = number.startsWith("-") || number.startsWith("+") ? 1 : 0;
        switch (number.substring(sign)) {
            case "inf", "infinity" -> {
                return Optional.of(number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            }
            case "nan" -> {
                return Optional.of(Double.NaN);
            }
            default -> {
                boolean valid = number.length() <= Int.DIGITS && isReal(number, sign);
                return valid ? Optional.of(Double.valueOf(number.replace("_", ""))) : Optional.empty();
            }
        }
    }

    private static boolean isReal(String number, int start) {
        int exponent = number.indexOf('e');
        int mantissaEnd = exponent < 0 ? number.length() : exponent;
        int point = number.indexOf('.');
        boolean mantissa = point < 0 || point > mantissaEnd
                ? isDigits(number, start, mantissaEnd)
                : isFraction(number, start, point, mantissaEnd);
        return mantissa && (exponent < 0 || isExponent(number, exponent + 1));
    }

    private static boolean isFraction(String number, int start, int point, int end) {
        boolean before = isDigits(number, start, point);
        boolean behind = isDigits(number, point + 1, end);
        return (before && behind) || (before && point + 1 == end) || (behind && start == point);
    }

    private static boolean isExponent(String number, int start) {
        int sign = number.startsWith("-", start) || number.startsWith("+", start) ? 1 : 0;
        return isDigits(number, start + sign, number.length());
    }

    /** At least one digit, and underscores between digits only. */
    private static boolean isDigits(String text, int start, int end) {
        boolean digit = false;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            if (c != '_' && (c < '0' || c > '9')) {
                return false;
            }
            if (c == '_' && !digit) {
                return false;
            }
            digit = c != '_';
        }
        return digit;
    }
}
