package org.dilort.net;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics in Prometheus' text format, version 0.0.4: one family after the other, each with its samples. */
public final class PrometheusText {
    /** For {@code Content-Type}, without the charset. */
    public static final String TYPE = "text/plain; version=0.0.4";

    private final StringBuilder text = new StringBuilder();

    /** What a family's numbers do. */
    public enum Kind {
        GAUGE,
        COUNTER,
        SUMMARY
    }

    /** @param help one line */
    public PrometheusText family(String name, Kind kind, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(kind.name().toLowerCase(Locale.ROOT))
                .append('\n');
        return this;
    }

    /** @param name of the family, or of a part of it such as {@code _sum} */
    public PrometheusText sample(String name, Map<String, String> labels, double value) {
        String inner = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
                        .collect(Collectors.joining(","));
        text.append(name).append(inner.isEmpty() ? "" : "{" + inner + "}");
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    /** A family of one sample. */
    public PrometheusText single(String name, Kind kind, String help, Map<String, String> labels, double value) {
        return family(name, kind, help).sample(name, labels, value);
    }

    /** A name of letters, digits and underscores alone, {@code _} for everything else. */
    public static String name(String text) {
        return text.replaceAll("[^A-Za-z0-9_]", "_");
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? Long.toString((long) value) : Double.toString(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
