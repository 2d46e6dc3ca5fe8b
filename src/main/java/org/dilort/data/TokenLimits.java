package org.dilort.data;

import org.dilort.error.ConfigException;

/**
 * How long a pair may be.
 *
 * @param maxLength bound of prompt and one response together
 * @param maxPromptLength bound of the prompt, cut on the left with BOS kept; {@link #NO_LIMIT} for none
 */
public record TokenLimits(int maxLength, int maxPromptLength, Truncation truncation) {
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    public TokenLimits {
        if (maxLength < 2) {
            throw new ConfigException("data.max_length: got " + maxLength + ", expected at least 2");
        }
        if (maxPromptLength < 1) {
            throw new ConfigException("data.max_prompt_length: got " + maxPromptLength + ", expected at least 1");
        }
    }
}
