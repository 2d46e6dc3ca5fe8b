package org.dilort.model;

/**
 * How far back a token sees: position_i - position_j &lt; tokens.
 *
 * @param tokens itself included
 */
public record Window(long tokens) {
    public static final Window UNBOUNDED = new Window(Long.MAX_VALUE);

    public Window {
        if (tokens < 1) {
            throw new IllegalArgumentException("window of " + tokens + " tokens, expected at least 1");
        }
    }

    public boolean isUnbounded() {
        return tokens == Long.MAX_VALUE;
    }
}
