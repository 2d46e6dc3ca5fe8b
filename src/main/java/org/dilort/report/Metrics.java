package org.dilort.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code metrics.jsonl} as series by name. While a run goes on it grows at its end, by whole lines but for the last one; a
 * resumed run may have cut it, then it is read anew.
 */
final class Metrics {
    private final LinesOfFile lines;
    private SortedMap<String, Series> series = new TreeMap<>();
    private double lastStep;

    private Metrics(Path file) {
        this.lines = new LinesOfFile(file);
    }

    /** Nothing is read yet. */
    static Metrics of(Path file) {
        return new Metrics(file);
    }

    /** Reads the lines that were added; whether there were any. */
    boolean update() throws IOException {
        if (!Files.exists(lines.file())) {
            return false;
        }
        LinesOfFile.News news = lines.news();
        if (news.fromStart()) {
            series = new TreeMap<>();
            lastStep = 0;
        }
        news.objects().forEach(this::add);
        return news.fromStart() || !news.objects().isEmpty();
    }

    private void add(JsonNode line) {
        JsonNode step = line.path("step");
        if (!step.isNumber()) {
            return;
        }
        lastStep = step.doubleValue();
        line.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!field.getKey().equals("step") && (value.isNumber() || value.isNull())) {
                double number = value.isNumber() ? value.doubleValue() : Double.NaN;
                series.computeIfAbsent(field.getKey(), name -> new Series()).add(lastStep, number);
            }
        });
    }

    /** Empty where the run has no such metric. */
    Series of(String name) {
        return series.getOrDefault(name, new Series());
    }

    Map<String, Series> all() {
        return Collections.unmodifiableMap(series);
    }

    /** 0 before the first. */
    long lastStep() {
        return (long) lastStep;
    }
}
