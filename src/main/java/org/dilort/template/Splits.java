package org.dilort.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's {@code split} and {@code rsplit}. */
final class Splits {
    private Splits() {}

    /** From which end the splits are counted. */
    enum From {
        START,
        END
    }

    /** @param most splits, negative for any number */
    static List<String> bySeparator(String text, String separator, int most, From from, Budget budget) {
        if (separator.isEmpty()) {
            throw Fault.evaluation("empty separator");
        }
        return from == From.START ? fromStart(text, separator, most, budget) : fromEnd(text, separator, most, budget);
    }

    private static List<String> fromStart(String text, String separator, int most, Budget budget) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        int found = text.indexOf(separator);
        while (found >= 0 && parts.size() != most) {
            budget.gather(1);
            parts.add(text.substring(start, found));
            start = found + separator.length();
            found = text.indexOf(separator, start);
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static List<String> fromEnd(String text, String separator, int most, Budget budget) {
        List<String> parts = new ArrayList<>();
        int end = text.length();
        int found = text.lastIndexOf(separator);
        while (found >= 0 && parts.size() != most) {
            budget.gather(1);
            parts.add(text.substring(found + separator.length(), end));
            end = found;
            found = text.lastIndexOf(separator, end - separator.length());
        }
        parts.add(text.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** By runs of white space; what is left after the last split keeps its far end. */
    static List<String> bySpace(String text, int most, From from, Budget budget) {
        return from == From.START ? spaceFromStart(text, most, budget) : spaceFromEnd(text, most, budget);
    }

    private static List<String> spaceFromStart(String text, int most, Budget budget) {
        List<String> parts = new ArrayList<>();
        String rest = Strings.stripStart(text);
        int start = text.length() - rest.length();
        while (start < text.length()) {
            budget.gather(1);
            if (parts.size() == most) {
                parts.add(text.substring(start));
                return parts;
            }
            int end = start;
            while (end < text.length() && !Strings.isSpace(text.charAt(end))) {
                end++;
            }
            parts.add(text.substring(start, end));
            start = end;
            while (start < text.length() && Strings.isSpace(text.charAt(start))) {
                start++;
            }
        }
        return parts;
    }

    private static List<String> spaceFromEnd(String text, int most, Budget budget) {
        List<String> parts = new ArrayList<>();
        int end = Strings.stripEnd(text).length();
        while (end > 0) {
            budget.gather(1);
            if (parts.size() == most) {
                parts.add(text.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !Strings.isSpace(text.charAt(start - 1))) {
                start--;
            }
            parts.add(text.substring(start, end));
            end = start;
            while (end > 0 && Strings.isSpace(text.charAt(end - 1))) {
                end--;
            }
        }
        Collections.reverse(parts);
        return parts;
    }
}
