package org.dilort.data;

/**
 * What happens to a pair that is too long. A cut response loses its end of sequence, except under {@link #KEEP_END}.
 */
public enum Truncation {
    /** The prompt loses tokens on its left, never its BOS; what is still too long loses the end of its response. */
    PROMPT_LEFT,
    /** Each sequence keeps its first tokens; a pair whose prompt fills the limit is dropped. */
    KEEP_START,
    /** Each sequence keeps its last tokens, the prompt at least one; BOS goes like any other. */
    KEEP_END,
    DROP,
    /** The first pair that is too long is an error. */
    FAIL
}
