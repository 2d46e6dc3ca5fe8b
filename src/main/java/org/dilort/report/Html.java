package org.dilort.report;

import java.util.Locale;

/** Pieces of HTML. What is not named as markup is text, and escaped. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    /** Adds markup as it is. */
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    /** {@code <tag class="kind">content</tag>}; no class where {@code kind} is empty. */
    Html element(String tag, String kind, String content) {
        return open(tag, kind).text(content).close(tag);
    }

    Html open(String tag, String kind) {
        text.append('<').append(tag);
        if (!kind.isEmpty()) {
            text.append(" class=\"").append(escaped(kind)).append('"');
        }
        text.append('>');
        return this;
    }

    Html close(String tag) {
        text.append("</").append(tag).append(">\n");
        return this;
    }

    Html text(String content) {
        text.append(escaped(content));
        return this;
    }

    static String escaped(String content) {
        StringBuilder escaped = new StringBuilder(content.length() + 16);
        for (int i = 0; i < content.length(); i++) {
            char letter = content.charAt(i);
            switch (letter) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(letter == '\n' || letter == '\t' || letter >= ' ' ? letter : '\uFFFD');
            }
        }
        return escaped.toString();
    }

    /** Of four significant digits at most, or a dash for what is no number. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e6)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        return size >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : shortest(value);
    }

    private static String shortest(double value) {
        String digits = String.format(Locale.ROOT, "%.4g", value);
        return digits.contains(".") ? digits.replaceAll("0+$", "").replaceAll("\\.$", "") : digits;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
