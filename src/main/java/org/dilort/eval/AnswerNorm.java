package org.dilort.eval;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is taken out of answers before they are compared, as {@code exact_match} of lm-evaluation-harness with {@code
 * ignore_case}: each pattern in turn, then the case.
 */
public record AnswerNorm(List<Pattern> ignored) {

    /** GSM8K's: commas, dollar signs, everything up to {@code ####}, a full stop at the end. */
    public static final AnswerNorm GSM8K = of(List.of(",", "\\$", "(?s)\\A.*#### ", "\\.$"));

    public AnswerNorm {
        ignored = List.copyOf(ignored);
    }

    /** @throws java.util.regex.PatternSyntaxException for a text that is no pattern */
    public static AnswerNorm of(List<String> patterns) {
        return new AnswerNorm(patterns.stream()
                .map(pattern -> Pattern.compile(pattern, Pattern.UNIX_LINES))
                .toList());
    }

    String apply(String text) {
        String rest = text;
        for (Pattern pattern : ignored) {
            rest = pattern.matcher(new BoundedText(rest, "--ignore", pattern)).replaceAll("");
        }
        return rest.toLowerCase(Locale.ROOT);
    }
}
