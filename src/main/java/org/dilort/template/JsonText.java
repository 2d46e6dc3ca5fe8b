package org.dilort.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.dilort.template.Arguments.Bound;

/** The filter {@code tojson} of transformers: Python's {@code json.dumps}, with letters of all scripts left alone. */
final class JsonText {
    private static final int MAX_INDENT = 100;

    private final TextBuffer out;
    private final Style style;

    private JsonText(TextBuffer out, Style style) {
        this.out = out;
        this.style = style;
    }

    /**
     * How the text is laid out.
     *
     * @param indent of one level
     */
    private record Style(
            String itemSeparator, String keySeparator, Lines lines, String indent, Letters letters, Keys keys) {

        enum Lines {
            ONE,
            MANY
        }

        enum Letters {
            KEPT,
            ESCAPED
        }

        enum Keys {
            AS_THEY_COME,
            SORTED
        }
    }

    static Value filter(Value input, Arguments arguments, Evaluation evaluation) {
        Bound bound = arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
        TextBuffer out = new TextBuffer(evaluation.budget());
        new JsonText(out, style(bound)).write(input, "\n");
        return new Text(out.toString());
    }

    private static Style style(Bound bound) {
        Optional<Value> indent = bound.unlessNone("indent");
        List<String> separators = separators(bound, indent.isPresent() ? "," : ", ");
        return new Style(
                separators.get(0),
                separators.get(1),
                indent.isPresent() ? Style.Lines.MANY : Style.Lines.ONE,
                indent.isPresent() ? indent(bound) : "",
                bound.truth("ensure_ascii", false) ? Style.Letters.ESCAPED : Style.Letters.KEPT,
                bound.truth("sort_keys", false) ? Style.Keys.SORTED : Style.Keys.AS_THEY_COME);
    }

    private static String indent(Bound bound) {
        if (bound.require("indent") instanceof Text text) {
            return text.value();
        }
        int width = bound.wholeNumber("indent", 0);
        if (width > MAX_INDENT) {
            throw Fault.limit("an indent of " + width + ", expected at most " + MAX_INDENT);
        }
        return " ".repeat(Math.max(0, width));
    }

    private static List<String> separators(Bound bound, String itemSeparator) {
        Optional<Value> given = bound.unlessNone("separators");
        if (given.isEmpty()) {
            return List.of(itemSeparator, ": ");
        }
        List<Value> pair = given.get() instanceof TupleValue tuple
                ? tuple.items()
                : given.get() instanceof ListValue list ? list.items() : List.of();
        if (pair.size() != 2 || !(pair.get(0) instanceof Text item) || !(pair.get(1) instanceof Text key)) {
            throw Fault.evaluation("separators: expected two strings");
        }
        return List.of(item.value(), key.value());
    }

    /** @param lineStart what a new line at this level begins with, the line's end included */
    private void write(Value value, String lineStart) {
        if (value instanceof Text text) {
            writeText(text.value());
        } else if (value instanceof None) {
            out.append("null");
        } else if (value instanceof Numeric number) {
            out.append(number(number));
        } else if (value instanceof ListValue list) {
            writeList(list.items(), lineStart);
        } else if (value instanceof TupleValue tuple) {
            writeList(tuple.items(), lineStart);
        } else if (value instanceof Dict dict) {
            writeDict(dict, lineStart);
        } else {
            throw Fault.evaluation("Object of type " + value.type() + " is not JSON serializable");
        }
    }

    private static String number(Numeric number) {
        if (number instanceof Bool bool) {
            return bool.value() ? "true" : "false";
        }
        if (number.isWhole()) {
            return number.integer().toString();
        }
        if (Double.isFinite(number.real())) {
            return Numbers.repr(number.real());
        }
        return Numbers.isNaN(number) ? "NaN" : number.real() > 0 ? "Infinity" : "-Infinity";
    }

    private void writeList(List<Value> items, String lineStart) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        String inner = lineStart + style.indent();
        String before = "[";
        for (Value item : items) {
            out.append(before).append(line(inner));
            write(item, inner);
            before = style.itemSeparator();
        }
        out.append(line(lineStart)).append("]");
    }

    private void writeDict(Dict dict, String lineStart) {
        if (dict.entries().isEmpty()) {
            out.append("{}");
            return;
        }
        String inner = lineStart + style.indent();
        String before = "{";
        for (Map.Entry<String, Value> entry : entries(dict)) {
            out.append(before).append(line(inner));
            writeText(entry.getKey());
            out.append(style.keySeparator());
            write(entry.getValue(), inner);
            before = style.itemSeparator();
        }
        out.append(line(lineStart)).append("}");
    }

    private String line(String start) {
        return style.lines() == Style.Lines.MANY ? start : "";
    }

    private List<Map.Entry<String, Value>> entries(Dict dict) {
        Budget budget = out.budget();
        List<Value> keys = dict.elements(budget);
        if (style.keys() == Style.Keys.SORTED) {
            keys = Ordering.sort(keys, key -> key, false, budget);
        }
        List<Map.Entry<String, Value>> entries = new ArrayList<>();
        for (Value key : keys) {
            entries.add(Map.entry(key(key), dict.item(key, budget).orElse(None.NONE)));
        }
        return entries;
    }

    private static String key(Value key) {
        if (key instanceof Text text) {
            return text.value();
        }
        if (key instanceof Numeric number) {
            return number(number);
        }
        if (key instanceof None) {
            return "null";
        }
        throw Fault.evaluation("keys must be str, int, float, bool or None, not " + key.type());
    }

    private void writeText(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            appendEscaped(escaped, text.charAt(i));
        }
        out.append(escaped.append('"').toString());
    }

    private void appendEscaped(StringBuilder escaped, char c) {
        switch (c) {
            case '"' -> escaped.append("\\\"");
            case '\\' -> escaped.append("\\\\");
            case '\n' -> escaped.append("\\n");
            case '\r' -> escaped.append("\\r");
            case '\t' -> escaped.append("\\t");
            case '\f' -> escaped.append("\\f");
            case '\b' -> escaped.append("\\b");
            default -> {
                boolean plain = c >= ' ' && (c < 0x7f || style.letters() == Style.Letters.KEPT);
                escaped.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
            }
        }
    }
}
