package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A whole number that something may not pass, or {@code none}.
 *
 * @param value 1 or more; 0 = none
 */
public record Limit(int value) {
    private static final String EXPECTED = "a whole number >= 1, or none";

    public Limit {
        Require.check(value >= 0, "", value, EXPECTED);
    }

    public static Limit none() {
        return new Limit(0);
    }

    public static Limit of(int value) {
        Require.check(value > 0, "", value, EXPECTED);
        return new Limit(value);
    }

    static Limit parse(String text) {
        return text.equals("none") ? none() : of(Numbers.wholeNumber(text));
    }

    public boolean exists() {
        return value > 0;
    }

    public int orElse(int whenNone) {
        return exists() ? value : whenNone;
    }

    @JsonValue
    Object text() {
        return exists() ? value : "none";
    }

    @Override
    public String toString() {
        return String.valueOf(text());
    }
}
