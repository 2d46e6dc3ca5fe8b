package org.dilort.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the answer out of a text, as the filter {@code regex} of lm-evaluation-harness: of what a pattern finds, the first or
 * the last; of it the first group that is not empty, or all where the pattern has no group; {@code [invalid]} where it finds
 * nothing.
 *
 * @param name in the keys of the results
 */
public record AnswerFilter(String name, Pattern pattern, Take take) {
    private static final String INVALID = "[invalid]";

    /** GSM8K's: the number behind {@code ####}. */
    public static final AnswerFilter STRICT =
            new AnswerFilter("strict-match", Pattern.compile("#### (\\-?[0-9\\.\\,]+)"), Take.FIRST);

    /** GSM8K's: the last number. */
    public static final AnswerFilter FLEXIBLE =
            new AnswerFilter("flexible-extract", Pattern.compile("(-?[$0-9.,]{2,})|(-?[0-9]+)"), Take.LAST);

    /** Which of several. */
    public enum Take {
        FIRST,
        LAST
    }

    String apply(String text) {
        Matcher matcher = pattern.matcher(new BoundedText(text, "filter " + name, pattern));
        List<String> found = new ArrayList<>();
        while (matcher.find() && (take == Take.LAST || found.isEmpty())) {
            found.add(found(matcher).strip());
        }
        return found.isEmpty() ? INVALID : found.get(found.size() - 1);
    }

    private static String found(Matcher matcher) {
        if (matcher.groupCount() == 0) {
            return matcher.group();
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            String text = matcher.group(group);
            if (text != null && !text.isEmpty()) {
                return text;
            }
        }
        return matcher.groupCount() == 1 ? "" : INVALID;
    }
}
