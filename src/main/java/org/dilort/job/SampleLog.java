package org.dilort.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.dilort.eval.AnswerCheck;
import org.dilort.files.DurableFiles;
import org.dilort.train.RunFailedException;

/**
 * {@code samples.jsonl}: the first answers at several steps, a JSON line each with {@code step, index, prompt, chosen, answer,
 * right}, by step and then by index. The answers of a step replace what was there of it, as when a run is resumed.
 */
final class SampleLog {
    private static final int KEPT = 12;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final SortedMap<Long, String> bySteps = new TreeMap<>();

    private SampleLog(Path file) {
        this.file = file;
    }

    /** With the answers up to {@code step} that the file has. */
    static SampleLog goingOnFrom(long step, Path file) {
        SampleLog log = new SampleLog(file);
        if (!Files.exists(file)) {
            return log;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                log.keep(line, step);
            }
        } catch (IOException e) {
            throw new RunFailedException(file + ": not readable: " + DurableFiles.reason(e), e);
        }
        return log;
    }

    /** Passes over what is no answer. */
    private void keep(String line, long upTo) {
        try {
            JsonNode step = JSON.readTree(line).path("step");
            if (step.isIntegralNumber() && step.longValue() <= upTo) {
                bySteps.merge(step.longValue(), line + "\n", String::concat);
            }
        } catch (JsonProcessingException e) {
            return;
        }
    }

    void add(long step, AnswerCheck.Report report) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < Math.min(KEPT, report.samples().size()); i++) {
            lines.append(line(step, i, report.samples().get(i))).append('\n');
        }
        bySteps.put(step, lines.toString());
        try {
            String all = bySteps.values().stream().collect(Collectors.joining());
            DurableFiles.replace(file, all.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new RunFailedException(file + ": not written: " + DurableFiles.reason(e), e);
        }
    }

    private static ObjectNode line(long step, int index, AnswerCheck.Sample sample) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("step", step)
                .put("index", index)
                .put("prompt", sample.question().prompt())
                .put("chosen", sample.question().chosen())
                .put("answer", sample.answer())
                .put("right", sample.right());
    }
}
