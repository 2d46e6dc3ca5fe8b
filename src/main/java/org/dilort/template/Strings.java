package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What Python's strings do, on Java's. */
final class Strings {
    private Strings() {}

    /** Python's {@code isspace} for one character; none of them lies outside the basic plane. */
    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 28 && c <= 32)
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    static String strip(String text) {
        return stripEnd(stripStart(text));
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Without the characters of a set at its start. */
    static String stripStart(String text, String set) {
        int start = 0;
        while (start < text.length() && set.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    /** Without the characters of a set at its end. */
    static String stripEnd(String text, String set) {
        int end = text.length();
        while (end > 0 && set.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    /** The first character as a title has it, the others small. */
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int rest = Character.charCount(text.codePointAt(0));
        return titleCase(text.substring(0, rest)) + text.substring(rest).toLowerCase(Locale.ROOT);
    }

    /** Every run of letters capitalised. */
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            String letter = Character.toString(point);
            title.append(inside ? letter.toLowerCase(Locale.ROOT) : titleCase(letter));
            inside = isCased(point);
            i += letter.length();
        }
        return title.toString();
    }

    private static String titleCase(String letter) {
        int point = letter.codePointAt(0);
        int title = Character.toTitleCase(point);
        if (title != point) {
            return Character.toString(title);
        }
        String upper = letter.toUpperCase(Locale.ROOT);
        return upper.length() <= letter.length()
                ? upper
                : upper.charAt(0) + upper.substring(1).toLowerCase(Locale.ROOT);
    }

    static boolean isCased(int point) {
        return Character.isUpperCase(point) || Character.isLowerCase(point) || Character.isTitleCase(point);
    }

    /** Whether there are letters of the case and none of the other. */
    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Character::isUpperCase)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    static boolean isLower(String text) {
        return text.codePoints().anyMatch(Character::isLowerCase)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    /** Lines without their ends, of every kind that Python knows. */
    static List<String> lines(String text, Budget budget) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (isLineEnd(text.charAt(i))) {
                budget.gather(1);
                lines.add(text.substring(start, i));
                i += text.startsWith("\r\n", i) ? 1 : 0;
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    private static boolean isLineEnd(char c) {
        return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static String repr(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(point -> appendEscaped(out, point, quote));
        return out.append(quote).toString();
    }

    private static void appendEscaped(StringBuilder out, int point, char quote) {
        switch (point) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (point == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(point)) {
                    out.appendCodePoint(point);
                } else {
                    out.append(escape(point));
                }
            }
        }
    }

    /** A character by its number. */
    static String escape(int point) {
        String form = point < 0x100 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x";
        return String.format(Locale.ROOT, form, point);
    }

    static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> true;
        };
    }
}
