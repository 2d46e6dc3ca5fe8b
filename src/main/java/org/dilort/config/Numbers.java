package org.dilort.config;

import java.util.regex.Pattern;

/**
 * Numbers as configuration text. A text that is no number becomes a value outside every range, so that the record that
 * knows the range refuses it and names what it expects.
 */
final class Numbers {
    /** Outside the range of every whole-number key. */
    static final int NO_WHOLE_NUMBER = Integer.MIN_VALUE;

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,64}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,9})?");

    private Numbers() {}

    static int wholeNumber(String text) {
        long value = longNumber(text);
        if (value > Integer.MAX_VALUE) {
            throw new InvalidValueException("", text, "a whole number up to " + Integer.MAX_VALUE);
        }
        return (int) Math.max(value, NO_WHOLE_NUMBER);
    }

    static long longNumber(String text) {
        if (!WHOLE.matcher(text).matches()) {
            return NO_WHOLE_NUMBER;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidValueException("", text, "a whole number up to " + Long.MAX_VALUE);
        }
    }

    static double number(String text) {
        return isNumber(text) ? Double.parseDouble(text) : Double.NaN;
    }

    static boolean isNumber(String text) {
        return DECIMAL.matcher(text).matches();
    }
}
