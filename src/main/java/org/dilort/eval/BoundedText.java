package org.dilort.eval;

import java.util.regex.Pattern;
import org.dilort.error.ConfigException;

/** A text that a pattern may look at so many times: one that backtracks without end is refused instead of hanging. */
final class BoundedText implements CharSequence {
    private static final long LOOKS_PER_CHARACTER = 10_000;

    private final String text;
    private final String what;
    private final Pattern pattern;
    private long looksLeft;

    /** @param what names the pattern in an error */
    BoundedText(String text, String what, Pattern pattern) {
        this.text = text;
        this.what = what;
        this.pattern = pattern;
        this.looksLeft = LOOKS_PER_CHARACTER * (text.length() + 1L);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        if (--looksLeft < 0) {
            throw new ConfigException(what + ": " + pattern
                    + " backtracks without end on an answer of " + text.length() + " characters; expected a pattern"
                    + " without nested repetition");
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
