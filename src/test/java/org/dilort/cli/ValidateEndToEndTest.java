package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dil-ort validate --data}: nothing is written, and what stops it would stop the run. */
class ValidateEndToEndTest {
    @TempDir
    private Path temp;

    private CommandLineRun validate(String... overrides) {
        List<String> arguments = new ArrayList<>(List.of("validate", "--config", RunFiles.TINY.toString(), "--data"));
        arguments.addAll(List.of("--set", "output=" + temp.resolve("out")));
        for (String override : overrides) {
            arguments.addAll(List.of("--set", override));
        }
        return EndToEndRun.of(arguments);
    }

    private void assertRefused(String message, String... overrides) {
        CommandLineRun run = validate(overrides);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(run.err()).startsWith("dil-ort: ").contains(message).hasLineCount(1);
    }

    @Test
    void saysWhatTheDataIsAndWhatTheRunWouldTake() {
        CommandLineRun run = validate();
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("\nnothing grave\n", "data: 12 pairs, 0 held out; 6 steps\n");
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void listsEveryRowThatIsWrong() throws IOException {
        Path data = temp.resolve("broken.jsonl");
        Files.writeString(
                data,
                "{\"prompt_ids\": [9], \"chosen_ids\": [999], \"rejected_ids\": [1]}\nno json\n"
                        + "{\"prompt_ids\": [9], \"chosen_ids\": [3], \"rejected_ids\": [1]}\n");
        CommandLineRun run = validate("data.train=" + data);
        assertThat(run.exitCode()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(run.out()).contains(data + ":1", data + ":2", "grave findings: training would not start\n");
        assertThat(run.out()).doesNotContain("disk:");
    }

    @Test
    void dataWithoutPairsStopsIt() throws IOException {
        Path empty = Files.createFile(temp.resolve("empty.jsonl"));
        String none = "[" + empty + "]: no pairs; 0 read, 0 dropped as too long";
        assertRefused(none, "data.train=" + empty);
        assertRefused(none, "data.eval=" + empty);
        String part = "[src/test/resources/job/held-out.jsonl, {path: " + empty + ", name: late}]";
        assertRefused("data.eval: no pairs of the name late", "data.eval=" + part);
    }

    @Test
    void whatStopsARunStopsIt() throws IOException {
        assertRefused("none.jsonl", "data.train=" + temp.resolve("none.jsonl"));
        assertRefused("none", "model.path=" + temp.resolve("none"));
        assertRefused("none", "reference.path=" + temp.resolve("none"));
        Files.createDirectories(temp.resolve("out/checkpoints"));
        assertRefused("holds another run (checkpoints)");
        EndToEndRun.assertSucceeded(validate("train.resume=true"));
        Path file = Files.createFile(temp.resolve("file"));
        assertRefused("is a file, expected a folder", "output=" + file);
    }
}
