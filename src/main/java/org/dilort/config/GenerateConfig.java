package org.dilort.config;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Greedy answers to the held-out prompts. An answer is right when the first group of the pattern gives the same text in
 * the answer and in the chosen response.
 *
 * @param maxNewTokens tokens of one answer
 * @param answerPattern regular expression with a group; empty only in {@link #NONE}
 * @param examples prompts that are answered, from the start of the held-out set; none = all of them
 * @param everyEvaluation answer them at every evaluation too, not before and after training alone
 */
public record GenerateConfig(int maxNewTokens, String answerPattern, Limit examples, boolean everyEvaluation)
        implements Section {
    static final int DEFAULT_NEW_TOKENS = 64;
    static final int DEFAULT_EXAMPLES = 100;

    public static final GenerateConfig NONE =
            new GenerateConfig(DEFAULT_NEW_TOKENS, "", Limit.of(DEFAULT_EXAMPLES), false);

    private static final String PATTERN_EXPECTED = "a regular expression with at least one group";

    public GenerateConfig {
        Require.wholeNumber("max_new_tokens", maxNewTokens, 1);
        boolean defaults =
                maxNewTokens == DEFAULT_NEW_TOKENS && examples.value() == DEFAULT_EXAMPLES && !everyEvaluation;
        boolean none = answerPattern.isEmpty() && defaults;
        Require.check(none || groups(answerPattern) > 0, "answer_pattern", answerPattern, PATTERN_EXPECTED);
    }

    public boolean enabled() {
        return !answerPattern.isEmpty();
    }

    public Pattern pattern() {
        return Pattern.compile(answerPattern);
    }

    private static int groups(String pattern) {
        try {
            return Pattern.compile(pattern).matcher("").groupCount();
        } catch (PatternSyntaxException e) {
            throw new InvalidValueException(
                    "answer_pattern",
                    pattern,
                    PATTERN_EXPECTED + " (" + e.getDescription() + " at " + e.getIndex() + ")");
        }
    }
}
