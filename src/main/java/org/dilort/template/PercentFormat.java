package org.dilort.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/**
 * Python's {@code 'text' % values}, for the conversions {@code s r d i u f F x X %} with the flags {@code - 0 +}, a
 * width, a precision and {@code (name)}.
 */
final class PercentFormat {
    private static final int MAX_PRECISION = 100;
    private static final String FLAGS = "-0+ #";

    private final String format;
    private final Budget budget;
    private final Value source;
    private final List<Value> values;
    private final TextBuffer out;
    private int at;
    private int used;

    private PercentFormat(String format, Value source, Budget budget) {
        this.format = format;
        this.budget = budget;
        this.source = source;
        this.values = source instanceof TupleValue tuple ? tuple.items() : List.of(source);
        this.out = new TextBuffer(budget);
    }

    /** @param values a tuple of them, a dict for names, or a single one */
    static String format(String format, Value values, Budget budget) {
        return new PercentFormat(format, values, budget).run();
    }

    private String run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            out.append(format.substring(at, percent < 0 ? format.length() : percent));
            if (percent < 0) {
                break;
            }
            at = percent + 1;
            convert();
        }
        if (used < values.size() && !mayBeLeft(source)) {
            throw Fault.evaluation("not all arguments converted during string formatting");
        }
        return out.toString();
    }

    /** What has items by key or index need not be used up, unless it is a tuple. */
    private static boolean mayBeLeft(Value source) {
        return source instanceof Dict
                || source instanceof ListValue
                || source instanceof RangeValue
                || source instanceof Undefined;
    }

    private void convert() {
        String name = name();
        int start = at;
        while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(start, at);
        int width = number(budget.limits().length());
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = number(MAX_PRECISION);
        }
        if (at == format.length()) {
            throw Fault.evaluation("incomplete format");
        }
        char conversion = format.charAt(at++);
        if (conversion == '%') {
            out.append("%");
            return;
        }
        String text = text(conversion, next(name), precision, flags);
        out.append(padded(text, width, flags, conversion));
    }

    private String name() {
        if (at >= format.length() || format.charAt(at) != '(') {
            return "";
        }
        int end = format.indexOf(')', at);
        if (end < 0) {
            throw Fault.evaluation("incomplete format key");
        }
        String name = format.substring(at + 1, end);
        at = end + 1;
        return name;
    }

    private int number(int limit) {
        long number = 0;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            number = Math.min(limit + 1L, number * 10 + format.charAt(at++) - '0');
        }
        if (number > limit) {
            throw Fault.limit("a width or precision over " + limit);
        }
        return (int) number;
    }

    private Value next(String name) {
        if (!name.isEmpty()) {
            if (source instanceof Dict dict) {
                return dict.get(name).orElseThrow(() -> Fault.evaluation("no key '" + name + "'"));
            }
            throw Fault.evaluation("format requires a mapping");
        }
        if (used >= values.size()) {
            throw Fault.evaluation("not enough arguments for format string");
        }
        return values.get(used++);
    }

    private String text(char conversion, Value value, int precision, String flags) {
        switch (conversion) {
            case 's' -> {
                return cut(value.text(budget), precision);
            }
            case 'r' -> {
                TextBuffer shown = new TextBuffer(budget);
                value.repr(shown);
                return cut(shown.toString(), precision);
            }
            case 'd', 'i', 'u' -> {
                return signed(number(value, conversion).integer().toString(), flags);
            }
            case 'x', 'X' -> {
                String hex = whole(value).toString(16);
                return signed(conversion == 'X' ? hex.toUpperCase(Locale.ROOT) : hex, flags);
            }
            case 'f', 'F' -> {
                return signed(fixed(number(value, conversion).real(), precision < 0 ? 6 : precision), flags);
            }
            default -> throw Fault.unsupported("format '%" + conversion + "'");
        }
    }

    private static String cut(String text, int precision) {
        boolean longer = precision >= 0 && text.codePointCount(0, text.length()) > precision;
        return longer ? text.substring(0, text.offsetByCodePoints(0, precision)) : text;
    }

    private static Numeric number(Value value, char conversion) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (value instanceof Numeric number) {
            return number;
        }
        throw Fault.evaluation("%" + conversion + " format: a real number is required, not " + value.type());
    }

    private static BigInteger whole(Value value) {
        if (number(value, 'x').isWhole()) {
            return number(value, 'x').integer();
        }
        throw Fault.evaluation("%x format: an integer is required, not " + value.type());
    }

    private static String fixed(double number, int precision) {
        if (!Double.isFinite(number)) {
            return Numbers.repr(number);
        }
        String digits = new BigDecimal(number)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        return Math.copySign(1, number) < 0 && !digits.startsWith("-") ? "-" + digits : digits;
    }

    private static String signed(String number, String flags) {
        if (number.startsWith("-")) {
            return number;
        }
        return (flags.indexOf('+') >= 0 ? "+" : flags.indexOf(' ') >= 0 ? " " : "") + number;
    }

    private String padded(String text, int width, String flags, char conversion) {
        if (flags.indexOf('-') >= 0) {
            return TextPadding.pad(text, width, " ", TextPadding.Side.RIGHT, budget);
        }
        boolean zeros = flags.indexOf('0') >= 0 && "srSR".indexOf(conversion) < 0;
        if (!zeros) {
            return TextPadding.pad(text, width, " ", TextPadding.Side.LEFT, budget);
        }
        int sign = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
        return text.substring(0, sign)
                + TextPadding.pad(text.substring(sign), width - sign, "0", TextPadding.Side.LEFT, budget);
    }
}
