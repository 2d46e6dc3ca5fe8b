package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run tells of itself, and the pages that are made of it. */
class ReportEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private Path train(String name, String... overrides) {
        Path output = temp.resolve(name);
        EndToEndRun.assertSucceeded(EndToEndRun.train(output, overrides));
        return output;
    }

    private static JsonNode summary(Path run) throws IOException {
        return JSON.readTree(run.resolve("summary.json").toFile());
    }

    @Test
    void aRunEndsWithItsPage() throws IOException {
        Path run = train("run");
        JsonNode summary = summary(run);
        assertThat(summary.get("state").asText()).isEqualTo("COMPLETED");
        assertThat(summary.get("steps").asInt()).isEqualTo(6);
        assertThat(summary.get("data").get(1).asText()).startsWith("data.train: 12 pairs");
        String page = Files.readString(run.resolve("report.html"));
        assertThat(page).contains("step 6 of 6, completed", "<b>Loss</b>", "data.train: 12 pairs");
        String config =
                Files.readString(run.resolve("config.yaml")).lines().findFirst().orElseThrow();
        assertThat(page).contains("<pre class=\"config\">" + config);
    }

    /** At every evaluation, before the first step (0) and at the end; a resumed run keeps those before it. */
    @Test
    void keepsAnswersOfEveryEvaluation() throws IOException {
        Path run = temp.resolve("run");
        List<String> answering = List.of(
                "train",
                "--config",
                "configs/demo.yaml",
                "--set",
                "output=" + run,
                "--set",
                "train.batch_pairs=4",
                "--set",
                "train.max_steps=4",
                "--set",
                "train.eval_every=2",
                "--set",
                "eval.generate={answer_pattern: 'answer (.*)', max_new_tokens: 4, examples: 2, every_evaluation: true}");
        EndToEndRun.assertSucceeded(EndToEndRun.of(answering));
        List<String> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("samples.jsonl"))) {
            JsonNode sample = JSON.readTree(line);
            steps.add(sample.get("step") + ":" + sample.get("index"));
            assertThat(sample.get("prompt").asText()).isNotEmpty();
            assertThat(sample.get("right").isBoolean()).isTrue();
        }
        assertThat(steps).containsExactly("0:0", "0:1", "2:0", "2:1", "4:0", "4:1");
        assertThat(new RunFiles(run).evaluations()).hasSize(2).allMatch(line -> line.has("eval_answers/right"));
        String kept = Files.readString(run.resolve("samples.jsonl"));
        List<String> again = new ArrayList<>(answering);
        again.addAll(List.of("--set", "train.resume=true"));
        EndToEndRun.assertSucceeded(EndToEndRun.of(again));
        assertThat(Files.readString(run.resolve("samples.jsonl"))).isEqualTo(kept);
    }

    @Test
    void pagesCanBeMadeOfAnyRuns() throws IOException {
        Path one = train("one");
        Path two = train("two", "head.name=dpo");
        Files.delete(one.resolve("report.html"));
        EndToEndRun.assertSucceeded(EndToEndRun.of(List.of("report", one.toString())));
        assertThat(one.resolve("report.html")).exists();
        Path page = temp.resolve("both.html");
        CommandLineRun both =
                EndToEndRun.of(List.of("report", one.toString(), two.toString(), "--out", page.toString()));
        EndToEndRun.assertSucceeded(both);
        assertThat(both.out()).isEqualTo("report: " + page + "\n");
        assertThat(Files.readString(page)).contains("<h1>2 runs</h1>", "Log-probability chosen, training");
    }

    @Test
    void saysWhatCannotBeReportedOrWatched() {
        CommandLineRun none = EndToEndRun.of(List.of("report"));
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("report: no folder, expected the output folder of a run, or of several");
        CommandLineRun missing =
                EndToEndRun.of(List.of("watch", temp.resolve("no").toString()));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .isEqualTo(
                        "dil-ort: " + temp.resolve("no") + ": no such folder, expected the output folder of a run\n");
        CommandLineRun two = EndToEndRun.of(List.of("watch", "a", "b"));
        assertThat(two.exitCode()).isEqualTo(2);
        assertThat(two.err()).contains("watch: got 2 folders, expected the output folder of one run");
    }
}
