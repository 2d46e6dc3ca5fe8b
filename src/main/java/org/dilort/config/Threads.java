package org.dilort.config;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * CPU threads: a number, or {@code all}.
 *
 * @param count 1 or more; 0 = all cores
 */
public record Threads(int count) {
    private static final String EXPECTED = "a whole number >= 1, or all";

    public Threads {
        Require.check(count >= 0, "", count, EXPECTED);
    }

    public static Threads all() {
        return new Threads(0);
    }

    static Threads parse(String text) {
        if (text.equals("all")) {
            return all();
        }
        int count = Numbers.wholeNumber(text);
        Require.check(count > 0, "", text, EXPECTED);
        return new Threads(count);
    }

    public int on(int cores) {
        return count > 0 ? count : cores;
    }

    @JsonValue
    Object text() {
        return count > 0 ? count : "all";
    }

    @Override
    public String toString() {
        return String.valueOf(text());
    }
}
