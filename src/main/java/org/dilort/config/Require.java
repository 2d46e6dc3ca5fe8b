package org.dilort.config;

import java.util.List;
import java.util.stream.Collectors;

/** The ranges of numbers and texts, each with the words that name it in an error. */
final class Require {

    private Require() {}

    static void wholeNumber(String key, long value, long least) {
        check(value >= least, key, value, "a whole number >= " + least);
    }

    static void positive(String key, double value) {
        check(value > 0 && Double.isFinite(value), key, value, "a number > 0");
    }

    /** A number &gt; 0, or one of the words. */
    static void positiveOr(String key, NumberSetting value, NumberSetting... words) {
        double number = value instanceof NumberSetting.Value given ? given.value() : Double.NaN;
        boolean right = List.of(words).contains(value) || number > 0 && Double.isFinite(number);
        String or = List.of(words).stream().map(word -> ", or " + word.text()).collect(Collectors.joining());
        check(right, key, value.text(), "a number > 0" + or);
    }

    static void notNegative(String key, double value) {
        check(value >= 0 && Double.isFinite(value), key, value, "a number >= 0");
    }

    static void ratio(String key, double value) {
        check(value >= 0 && value <= 1, key, value, "a number from 0 to 1");
    }

    /** A decay rate of a moving average. */
    static void decayRate(String key, double value) {
        check(value >= 0 && value < 1, key, value, "a number >= 0 and < 1");
    }

    static void finite(String key, double value) {
        check(Double.isFinite(value), key, value, "a number");
    }

    static void text(String key, String value) {
        check(!value.isBlank(), key, "an empty text", "a text that is not empty");
    }

    static void texts(String key, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            text(key + "." + i, values.get(i));
        }
    }

    static void check(boolean right, String key, Object got, String expected) {
        if (!right) {
            throw new InvalidValueException(key, got, expected);
        }
    }
}
