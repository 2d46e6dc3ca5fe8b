package org.dilort.config;

/** What becomes of a pair that is longer than {@code data.max_length}. */
public enum Truncation implements Keyed {
    /** The prompt is cut from the left, the first special token kept, then the response's end. */
    PROMPT_LEFT,
    KEEP_START,
    KEEP_END,
    DROP,
    FAIL
}
