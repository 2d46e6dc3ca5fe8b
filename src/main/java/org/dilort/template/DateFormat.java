package org.dilort.template;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;

/**
 * C's {@code strftime} in English: {@code %a %A %b %B %d %e %f %H %I %j %m %M %p %S %y %Y %%}, of which {@code %d},
 * {@code %H}, {@code %I}, {@code %j}, {@code %m}, {@code %M}, {@code %S} may have a {@code -} that leaves out leading
 * zeros. {@code %z} and {@code %Z} are empty, as they are for Python's local time.
 */
final class DateFormat {
    private static final Map<Character, String> PATTERNS = Map.ofEntries(
            Map.entry('a', "EEE"),
            Map.entry('A', "EEEE"),
            Map.entry('b', "MMM"),
            Map.entry('B', "MMMM"),
            Map.entry('d', "dd"),
            Map.entry('f', "SSSSSS"),
            Map.entry('H', "HH"),
            Map.entry('I', "hh"),
            Map.entry('j', "DDD"),
            Map.entry('m', "MM"),
            Map.entry('M', "mm"),
            Map.entry('p', "a"),
            Map.entry('S', "ss"),
            Map.entry('y', "yy"),
            Map.entry('Y', "uuuu"),
            Map.entry('D', "MM/dd/yy"),
            Map.entry('F', "uuuu-MM-dd"),
            Map.entry('R', "HH:mm"),
            Map.entry('T', "HH:mm:ss"));

    private static final String NUMBERS = "dHIjmMS";

    private DateFormat() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            boolean bare = format.startsWith("-", i + 1);
            i += bare ? 2 : 1;
            if (i >= format.length()) {
                throw Fault.evaluation("a date format that ends in '%'");
            }
            String text = field(format.charAt(i), time);
            boolean stripped = bare && NUMBERS.indexOf(format.charAt(i)) >= 0;
            out.append(stripped ? text.replaceFirst("^0+(?=.)", "") : text);
        }
        return out.toString();
    }

    private static String field(char field, ZonedDateTime time) {
        switch (field) {
            case '%' -> {
                return "%";
            }
            case 'z', 'Z' -> {
                return "";
            }
            case 'e' -> {
                int day = time.get(ChronoField.DAY_OF_MONTH);
                return day < 10 ? " " + day : String.valueOf(day);
            }
            default -> {
                String pattern = PATTERNS.get(field);
                if (pattern == null) {
                    throw Fault.unsupported("date format '%" + field + "'");
                }
                return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
            }
        }
    }
}
