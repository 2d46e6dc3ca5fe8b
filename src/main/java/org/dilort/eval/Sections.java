package org.dilort.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dilort.error.DataException;
import org.dilort.files.DurableFiles;
import org.dilort.input.Json;

/**
 * Averages over subsets, as RewardBench has them: {@code {"Chat": ["alpacaeval-easy", ..], "Reasoning": {"math-prm": 984,
 * ..}}}. A list weighs each subset by its pairs, an object by the numbers that it gives.
 */
public final class Sections {
    private static final int LIMIT_BYTES = 1 << 20;
    private static final List<String> METRICS = List.of("acc", "acc_per_token", "reward_acc");

    /** Weights by subset and section; those that are the number of pairs are not a number. */
    private final Map<String, Map<String, Double>> weights;

    private Sections(Map<String, Map<String, Double>> weights) {
        this.weights = weights;
    }

    public static Sections none() {
        return new Sections(Map.of());
    }

    /** @throws DataException for a file that is not of this form */
    public static Sections read(Path file) {
        Map<String, Map<String, Double>> weights = new LinkedHashMap<>();
        JsonNode root = json(file);
        if (!root.isObject() || root.isEmpty()) {
            throw wrong(file, "");
        }
        root.properties().forEach(section -> weights.put(section.getKey(), section(file, section)));
        return new Sections(weights);
    }

    private static JsonNode json(Path file) {
        try {
            if (Files.size(file) > LIMIT_BYTES) {
                throw new DataException(file + ": more than " + LIMIT_BYTES + " bytes");
            }
            return Json.mapper(LIMIT_BYTES).readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new DataException(file + ": not JSON: " + Json.reason(e), e);
        } catch (IOException e) {
            throw new DataException(file + ": not readable: " + DurableFiles.reason(e), e);
        }
    }

    private static Map<String, Double> section(Path file, Map.Entry<String, JsonNode> section) {
        Map<String, Double> weights = new LinkedHashMap<>();
        JsonNode subsets = section.getValue();
        if (subsets.isArray()) {
            for (JsonNode subset : subsets) {
                if (!subset.isTextual()) {
                    throw wrong(file, section.getKey() + ": ");
                }
                weights.put(subset.textValue(), Double.NaN);
            }
        } else {
            subsets.properties().forEach(subset -> {
                if (!(subset.getValue().doubleValue() > 0)) {
                    throw wrong(file, section.getKey() + "." + subset.getKey() + ": ");
                }
                weights.put(subset.getKey(), subset.getValue().doubleValue());
            });
        }
        if (weights.isEmpty()) {
            throw wrong(file, section.getKey() + ": ");
        }
        return weights;
    }

    private static DataException wrong(Path file, String where) {
        return new DataException(file + ": " + where
                + "expected {\"section\": [\"subset\", ..]} or {\"section\": {\"subset\": weight > 0, ..}}");
    }

    /** Subsets of the sections that the results have not. */
    public List<String> missing(PairTask task, List<TaskResult> results) {
        return weights.values().stream()
                .flatMap(section -> section.keySet().stream())
                .filter(subset -> find(task, results, subset).isEmpty())
                .toList();
    }

    /**
     * The average of each section of which a subset is there, then {@code score}, the mean of the sections, each with its
     * error.
     */
    public List<TaskResults.Group> of(PairTask task, List<TaskResult> results) {
        List<TaskResults.Group> groups = new ArrayList<>();
        weights.forEach((section, subsets) -> {
            List<Weighted> members = new ArrayList<>();
            subsets.forEach((subset, weight) -> find(task, results, subset)
                    .forEach(result -> members.add(new Weighted(result, weight.isNaN() ? result.samples() : weight))));
            if (!members.isEmpty()) {
                groups.add(group(section, members));
            }
        });
        if (!groups.isEmpty()) {
            groups.add(group(
                    "score",
                    groups.stream()
                            .map(group -> new Weighted(group.result(), 1))
                            .toList()));
        }
        return groups;
    }

    private record Weighted(TaskResult result, double weight) {}

    private static TaskResults.Group group(String name, List<Weighted> members) {
        TaskResult.Values values = new TaskResult.Values();
        double total = members.stream().mapToDouble(Weighted::weight).sum();
        for (String metric : METRICS) {
            if (members.get(0).result().has(metric)) {
                double mean = 0;
                double squares = 0;
                for (Weighted member : members) {
                    double share = member.weight() / total;
                    mean += share * member.result().value(metric);
                    squares += Math.pow(share * member.result().value(metric + "_stderr"), 2);
                }
                values.put(metric, mean).put(metric + "_stderr", Math.sqrt(squares));
            }
        }
        long samples =
                members.stream().mapToLong(member -> member.result().samples()).sum();
        List<String> names =
                members.stream().map(member -> member.result().name()).toList();
        return new TaskResults.Group(values.result(name, 0, samples), names);
    }

    private static List<TaskResult> find(PairTask task, List<TaskResult> results, String subset) {
        return results.stream()
                .filter(result -> result.name().equals(task.resultName(subset)))
                .toList();
    }
}
