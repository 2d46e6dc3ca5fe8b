package org.dilort.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.files.Sha256;

/** What a training run left in its output folder, as tests want to see it. */
public record RunFiles(Path output) {
    /** A run of six steps over twelve pairs. */
    public static final Path TINY = Path.of("src/test/resources/job/tiny.yaml");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The lines of steps, without those of evaluations. */
    public List<JsonNode> steps() {
        return lines().stream().filter(line -> line.has("loss")).toList();
    }

    /** The lines of evaluations. */
    public List<JsonNode> evaluations() {
        return lines().stream().filter(line -> line.has("eval_loss")).toList();
    }

    private List<JsonNode> lines() {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text(output.resolve("metrics.jsonl")).lines().toList()) {
            try {
                lines.add(JSON.readTree(line));
            } catch (IOException e) {
                throw new UncheckedIOException(line, e);
            }
        }
        return lines;
    }

    public List<Double> losses() {
        return steps().stream().map(line -> line.get("loss").asDouble()).toList();
    }

    public List<Long> stepNumbers() {
        return steps().stream().map(line -> line.get("step").asLong()).toList();
    }

    /** {@code metrics.jsonl} as it is, but for the three values that are times. */
    public String metricsWithoutTimes() {
        return text(output.resolve("metrics.jsonl"))
                .replaceAll("\"(computed_tokens_per_second|tokens_per_second|step_seconds)\":[^,}]+", "\"$1\":0");
    }

    /** Names of the checkpoints, the oldest first. */
    public List<String> checkpoints() {
        return names(output.resolve("checkpoints"));
    }

    /** SHA-256 of every file of the newest checkpoint and of what is delivered, by path. */
    public SortedMap<String, String> results() {
        SortedMap<String, String> hashes = new TreeMap<>();
        List<String> checkpoints = checkpoints();
        hash(output.resolve("checkpoints").resolve(checkpoints.get(checkpoints.size() - 1)), hashes);
        if (Files.exists(output.resolve("adapter"))) {
            hash(output.resolve("adapter"), hashes);
        }
        hash(output.resolve("hf"), hashes);
        hash(output.resolve("export"), hashes);
        return hashes;
    }

    private void hash(Path folder, SortedMap<String, String> hashes) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                hashes.put(output.relativize(file).toString(), Sha256.of(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names in a folder, sorted; none where it does not exist. */
    public static List<String> names(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
