package org.dilort.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.dilort.eval.ChoiceTask.Sample;
import org.dilort.files.DurableFiles;

/**
 * Results of tasks as lm-evaluation-harness writes them: {@code results -> task -> acc,none}, {@code acc_norm,none} and
 * their standard errors, with {@code n-shot} and {@code n-samples}.
 *
 * @param model the folder that was asked
 */
public record TaskResults(Path model, Map<ChoiceTask, List<Sample>> samples) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TaskResults {
        samples = new LinkedHashMap<>(samples);
    }

    /**
     * A share of right answers.
     *
     * @param error of the mean: sqrt(p (1 - p) / (n - 1)), 0 for one sample
     */
    public record Share(double value, double error) {
        static Share of(List<Sample> samples, Predicate<Sample> right) {
            double value = (double) samples.stream().filter(right).count() / samples.size();
            double error = samples.size() < 2 ? 0 : Math.sqrt(value * (1 - value) / (samples.size() - 1));
            return new Share(value, error);
        }
    }

    public static Share accuracy(List<Sample> samples) {
        return Share.of(samples, Sample::isRight);
    }

    public static Share accuracyByCharacter(List<Sample> samples) {
        return Share.of(samples, Sample::isRightByCharacter);
    }

    String toJson() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode results = root.putObject("results");
        ObjectNode shots = root.putObject("n-shot");
        ObjectNode counts = root.putObject("n-samples");
        samples.forEach((task, outcomes) -> {
            ObjectNode result = results.putObject(task.name()).put("alias", task.name());
            put(result, "acc", accuracy(outcomes));
            put(result, "acc_norm", accuracyByCharacter(outcomes));
            shots.put(task.name(), task.shots().size());
            counts.putObject(task.name()).put("original", outcomes.size()).put("effective", outcomes.size());
        });
        root.putObject("config").put("model", "dil-ort").put("model_args", "pretrained=" + model);
        return root.toPrettyString() + "\n";
    }

    private static void put(ObjectNode result, String metric, Share share) {
        result.put(metric + ",none", share.value()).put(metric + "_stderr,none", share.error());
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
