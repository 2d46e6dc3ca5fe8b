package org.dilort.data;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text that was decoded wrongly: replacement characters, or UTF-8 that was read as Latin-1 or Windows-1252, so that
 * é is Ã and a copyright sign, and an apostrophe three characters.
 */
final class Mojibake {
    private static final Pattern WRONG =
            Pattern.compile("\uFFFD|[\u00C2\u00C3][\u0080-\u00BF]|\u00E2\u20AC[\u0080-\u00BF\u0100-\uFFFF]");
    private static final int SHOWN_BEFORE = 10;
    private static final int SHOWN = 30;

    private Mojibake() {}

    /** The text around the first place. */
    static Optional<String> in(String text) {
        Matcher matcher = WRONG.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        int start = Math.max(0, matcher.start() - SHOWN_BEFORE);
        int end = Math.min(text.length(), start + SHOWN);
        return Optional.of(text.substring(start, end).replaceAll("\\p{Cntrl}", " "));
    }
}
