package org.dilort.template;

/** The escapes of a string as Python has them. */
final class StringLiteral {
    private static final String SIMPLE = "\\'\"abfnrtv";
    private static final String STANDS_FOR = "\\'\"\u0007\b\f\n\r\t\u000b";
    private static final int OCTAL_DIGITS = 3;

    private final String source;
    private final StringBuilder text = new StringBuilder();
    private int at;

    private StringLiteral(String source) {
        this.source = source;
    }

    /** @param source what stands between the quotes */
    static String value(String source) {
        return source.indexOf('\\') < 0 ? source : new StringLiteral(source).decode();
    }

    private String decode() {
        while (at < source.length()) {
            char c = source.charAt(at++);
            if (c == '\\') {
                int point = source.codePointAt(at);
                at += Character.charCount(point);
                escape(point);
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** What is no escape stays as it is, with its backslash; letters that are not ASCII have become escapes before. */
    private void escape(int c) {
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            text.append(STANDS_FOR.charAt(simple));
            return;
        }
        switch (c) {
            case '\n' -> {}
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case 'N' -> throw Fault.unsupported("\\N{name}");
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default ->
                text.append('\\')
                        .append(
                                c < 0x80
                                        ? Character.toString(c)
                                        : Strings.escape(c).substring(1));
        }
    }

    private void hex(int digits) {
        int end = at + digits;
        boolean whole = end <= source.length()
                && source.substring(at, end).chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80);
        long point = whole ? Long.parseLong(source.substring(at, end), 16) : -1;
        if (point < 0 || point > Character.MAX_CODE_POINT) {
            throw Fault.syntax("an escape that is no character, expected " + digits + " hexadecimal digits");
        }
        text.appendCodePoint((int) point);
        at = end;
    }

    private void octal() {
        int start = at - 1;
        while (at < source.length()
                && at - start < OCTAL_DIGITS
                && source.charAt(at) >= '0'
                && source.charAt(at) <= '7') {
            at++;
        }
        text.append((char) Integer.parseInt(source.substring(start, at), 8));
    }
}
