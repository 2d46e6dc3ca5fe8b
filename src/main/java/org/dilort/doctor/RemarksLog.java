package org.dilort.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.dilort.train.StepLog;
import org.dilort.train.Warnings;

/**
 * {@code remarks.jsonl}: one JSON line per remark with the keys {@code step, name, severity, text, page}, in the order in
 * which they were made.
 */
public final class RemarksLog implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final StepLog lines;
    private final Map<String, Long> lastStep;

    private RemarksLog(StepLog lines, Map<String, Long> lastStep) {
        this.lines = lines;
        this.lastStep = lastStep;
    }

    /** Starts an empty log; what the file held before is gone. */
    public static RemarksLog create(Path file) {
        return new RemarksLog(StepLog.create(file), new HashMap<>());
    }

    /** Goes on after the remarks up to {@code step}, as {@link StepLog#resume} says. */
    public static RemarksLog resume(Path file, long step, Warnings warnings) {
        StepLog lines = StepLog.resume(file, step, warnings);
        Map<String, Long> lastStep = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode remark = JSON.readTree(line);
                lastStep.put(
                        key(
                                remark.path("name").asText(),
                                remark.path("severity").asText()),
                        remark.path("step").asLong());
            }
        } catch (IOException e) {
            lines.close();
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
        return new RemarksLog(lines, lastStep);
    }

    /** Whether a remark of this name and severity was made fewer than {@code steps} steps before this one. */
    boolean saidWithin(long steps, Remark remark) {
        long last = lastStep.getOrDefault(key(remark.name(), remark.severity().name()), -steps);
        return remark.step() - last < steps;
    }

    void append(Remark remark) {
        try {
            lines.append(JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("step", remark.step())
                    .put("name", remark.name())
                    .put("severity", remark.severity().name())
                    .put("text", remark.text())
                    .put("page", remark.page())));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        lastStep.put(key(remark.name(), remark.severity().name()), remark.step());
    }

    void force() {
        lines.force();
    }

    private static String key(String name, String severity) {
        return name + " " + severity;
    }

    @Override
    public void close() {
        lines.close();
    }
}
