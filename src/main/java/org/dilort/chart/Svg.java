package org.dilort.chart;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** SVG elements one after the other, with text escaped and numbers in hundredths of a pixel. */
final class Svg {
    private final StringBuilder text = new StringBuilder();

    Svg(double width, double height) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\" viewBox=\"0 0 ")
                .append(number(width))
                .append(' ')
                .append(number(height))
                .append("\" role=\"img\">\n");
    }

    void style(String sheet) {
        text.append("<style>").append(sheet).append("</style>\n");
    }

    /** An element with nothing but text in it. */
    void described(String element, String content) {
        text.append('<').append(element).append('>').append(escaped(content));
        text.append("</").append(element).append(">\n");
    }

    void rectangle(String kind, double x, double y, double width, double height) {
        text.append("<rect class=\"").append(kind).append('"');
        attribute("x", x);
        attribute("y", y);
        attribute("width", width);
        attribute("height", height);
        text.append("/>\n");
    }

    void line(String kind, double x1, double y1, double x2, double y2) {
        text.append("<line class=\"").append(kind).append('"');
        attribute("x1", x1);
        attribute("y1", y1);
        attribute("x2", x2);
        attribute("y2", y2);
        text.append("/>\n");
    }

    void circle(String kind, double x, double y, double radius) {
        text.append("<circle class=\"").append(kind).append('"');
        attribute("cx", x);
        attribute("cy", y);
        attribute("r", radius);
        text.append("/>\n");
    }

    void path(String kind, String commands) {
        text.append("<path class=\"").append(kind).append("\" d=\"").append(commands);
        text.append("\"/>\n");
    }

    void text(String kind, double x, double y, String content) {
        text.append("<text class=\"").append(kind).append('"');
        attribute("x", x);
        attribute("y", y);
        text.append('>').append(escaped(content)).append("</text>\n");
    }

    private void attribute(String name, double value) {
        text.append(' ').append(name).append("=\"").append(number(value)).append('"');
    }

    static String number(double value) {
        BigDecimal rounded =
                new BigDecimal(value).setScale(2, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    static String escaped(String content) {
        StringBuilder escaped = new StringBuilder();
        content.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isWritable(point) ? point : '?');
            }
        });
        return escaped.toString();
    }

    /** XML has no way at all to write most control characters, half a surrogate pair, and U+FFFE and U+FFFF. */
    private static boolean isWritable(int point) {
        boolean surrogate = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
        return !Character.isISOControl(point) && !surrogate && point != 0xfffe && point != 0xffff;
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
