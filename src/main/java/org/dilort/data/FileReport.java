package org.dilort.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a file was found to be.
 *
 * @param format for people: {@code JSON lines, gzip}
 * @param shapes rows of each shape, in the order in which they were met
 */
public record FileReport(Path file, String format, Map<String, Long> shapes) {

    public FileReport {
        shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    }

    public long rows() {
        return shapes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** One line: {@code pairs.jsonl: JSON lines, 120 rows: strings with a prompt}. */
    public String summary() {
        String start = String.format(Locale.ROOT, "%s: %s, %,d rows", file, format, rows());
        if (shapes.isEmpty()) {
            return start;
        }
        String kinds = shapes.size() == 1
                ? shapes.keySet().iterator().next()
                : shapes.entrySet().stream()
                        .map(shape -> String.format(Locale.ROOT, "%,d %s", shape.getValue(), shape.getKey()))
                        .collect(Collectors.joining("; "));
        return start + ": " + kinds;
    }
}
