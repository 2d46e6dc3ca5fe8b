package org.dilort.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.files.DurableFiles;

/**
 * Results of tasks as lm-evaluation-harness writes them: {@code results -> task -> metric,filter} with {@code n-shot} and
 * {@code n-samples}; averages over tasks under {@code groups} and {@code group_subtasks}; {@code config}.
 *
 * @param model the folder that was asked
 * @param config what the numbers depend on beside model and data
 */
public record TaskResults(Path model, List<TaskResult> tasks, List<Group> groups, Map<String, String> config) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TaskResults {
        tasks = List.copyOf(tasks);
        groups = List.copyOf(groups);
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
    }

    public static TaskResults of(Path model, List<TaskResult> tasks, Map<String, String> config) {
        return new TaskResults(model, tasks, List.of(), config);
    }

    /** @param members names of the tasks that it averages */
    public record Group(TaskResult result, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    String toJson() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode results = root.putObject("results");
        tasks.forEach(task -> put(results, task));
        if (!groups.isEmpty()) {
            ObjectNode averages = root.putObject("groups");
            ObjectNode subtasks = root.putObject("group_subtasks");
            groups.forEach(group -> put(averages, group.result()));
            groups.forEach(group -> {
                ArrayNode members = subtasks.putArray(group.result().name());
                group.members().forEach(members::add);
            });
        }
        ObjectNode shots = root.putObject("n-shot");
        tasks.forEach(task -> shots.put(task.name(), task.shots()));
        ObjectNode counts = root.putObject("n-samples");
        tasks.forEach(task ->
                counts.putObject(task.name()).put("original", task.samples()).put("effective", task.samples()));
        ObjectNode settings = root.putObject("config").put("model", "dil-ort").put("model_args", "pretrained=" + model);
        config.forEach(settings::put);
        return root.toPrettyString() + "\n";
    }

    private static void put(ObjectNode results, TaskResult task) {
        ObjectNode result = results.putObject(task.name()).put("alias", task.name());
        task.values().forEach((key, value) -> {
            if (value instanceof Long count) {
                result.put(key, count);
            } else if (Double.isFinite(value.doubleValue())) {
                result.put(key, value.doubleValue());
            } else {
                result.put(key, "N/A");
            }
        });
    }

    /** Written beside and moved into place. */
    public void write(Path file) {
        try {
            DurableFiles.replace(file, toJson().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written", e);
        }
    }
}
