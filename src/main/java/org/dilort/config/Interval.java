package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Something that happens every so many optimizer steps, or never ({@code none}).
 *
 * @param steps 1 or more; 0 = never
 */
public record Interval(int steps) {
    private static final String EXPECTED = "a whole number of steps >= 1, or none";

    public Interval {
        Require.check(steps >= 0, "", steps, EXPECTED);
    }

    public static Interval never() {
        return new Interval(0);
    }

    public static Interval of(int steps) {
        Require.check(steps > 0, "", steps, EXPECTED);
        return new Interval(steps);
    }

    static Interval parse(String text) {
        return text.equals("none") ? never() : of(Numbers.wholeNumber(text));
    }

    public boolean exists() {
        return steps > 0;
    }

    /** Whether it happens after step {@code step} (from 1). */
    public boolean due(long step) {
        return exists() && step % steps == 0;
    }

    @JsonValue
    Object text() {
        return exists() ? steps : "none";
    }

    @Override
    public String toString() {
        return String.valueOf(text());
    }
}
