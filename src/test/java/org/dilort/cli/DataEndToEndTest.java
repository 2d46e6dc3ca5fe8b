package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** {@code data inspect}, {@code data validate}, and what {@code train} makes of the same files. */
class DataEndToEndTest extends RefusedEndToEndRun {
    private static final Path DEMO_MODEL = Path.of("examples/demo/model");
    private static final String GOOD = "{'prompt': '1+2=', 'chosen': '3', 'rejected': '4'}\n";
    private static final String SAME = "{'prompt': '1+3=', 'chosen': '4', 'rejected': '4'}\n";
    private static final String BLANK = "{'prompt': '1+4=', 'chosen': ' ', 'rejected': '6'}\n";

    @Test
    void inspectTellsFormatLengthsAndTokens() throws IOException {
        Path file = write("pairs.jsonl", GOOD.repeat(3));

        CommandLineRun run = data("inspect", file, "--examples", "1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("data.train: " + file + ": JSON lines, 3 rows: strings with a prompt\n")
                .contains("data.train: 3 pairs, ")
                .contains("sequence         7        7        7")
                .contains("  trunk         5 tokens  <bos>|1|+|2|=\n")
                .contains("  chosen        2 scored  [3][<eos>]\n")
                .contains("  rejected      2 scored  [4][<eos>]\n")
                .doesNotContain("pair 1\n");
    }

    @Test
    void inspectTellsWhatWouldBeCutAndDropped() throws IOException {
        Path file = write("pairs.jsonl", GOOD + "{'prompt': '1+2+3+4+5+6=', 'chosen': '21', 'rejected': '4'}\n");

        assertThat(data("inspect", file, "--set", "data.max_length=8").out())
                .contains(file + ":2: a prompt that leaves no room for a response: 13 tokens of at most 8\n")
                .contains(file + ":2: a prompt that is cut: 13 tokens to 5\n");
        assertThat(data("inspect", file, "--set", "data.max_length=8", "--set", "data.truncation=drop")
                        .out())
                .contains(file + ":2: a pair that is dropped as too long: 16 tokens of at most 8\n");
    }

    @Test
    void prepareTokenisesForTheRun() throws IOException {
        Path file = write("pairs.jsonl", GOOD.repeat(3));
        Path config = write(
                "run.yaml",
                "model: {path: %s, init: random}\ndata: {train: %s, max_length: 32}\noutput: %s\ntrain: {max_steps: 1}\n"
                        .formatted(DEMO_MODEL.toAbsolutePath(), file, file.resolveSibling("out")));

        CommandLineRun first = prepare(config);
        EndToEndRun.assertSucceeded(first);
        assertThat(first.out())
                .contains("data.train: 3 pairs, ")
                .contains("packing of the first 1 steps: 100.0 % of what is computed are tokens")
                .doesNotContain("prepared before");
        Path cache = file.resolveSibling("data-cache");
        assertThat(cache).isDirectoryContaining("glob:**.tokens");
        assertThat(prepare(config).out()).startsWith("data: prepared before, in " + cache);

        CommandLineRun run = EndToEndRun.of(List.of("train", "--config", config.toString()));
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out()).contains("data: prepared before, in " + cache);

        for (String other : List.of("data.max_length=16", "data.truncation=drop", "head.name=sft", "data.cache=none")) {
            CommandLineRun changed = prepare(config, "--set", other);
            EndToEndRun.assertSucceeded(changed);
            assertThat(changed.out()).as(other).doesNotContain("prepared before");
        }
        write("pairs.jsonl", GOOD.repeat(4));
        assertThat(prepare(config).out()).contains("data.train: 4 pairs, ");
        assertThat(prepare(config, "--set", "data.cache=none").out()).doesNotContain("prepared before");
    }

    private static CommandLineRun prepare(Path config, String... more) {
        List<String> arguments = new ArrayList<>(List.of("data", "prepare", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return EndToEndRun.of(arguments);
    }

    @Test
    void prepareNeedsTheRunThatItIsFor() throws IOException {
        CommandLineRun run = data("prepare", write("pairs.jsonl", GOOD));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo("dil-ort: data prepare: expected --config FILE, the run that the data is for\n");
    }

    @Test
    void validateListsEveryFindingWithItsLine() throws IOException {
        Path file = write("pairs.jsonl", GOOD + SAME + BLANK + "{'prompt': 'q'}\n{'prompt'\n");

        CommandLineRun run = data("validate", file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .contains(file + ":2: chosen and rejected are the same\n")
                .contains(file + ":3: a response of white space alone: chosen\n")
                .contains(file + ":4: a row that cannot be used: chosen: missing; this row has prompt\n")
                .contains(file + ":5: a row that cannot be used: not JSON: ")
                .endsWith("grave findings: training would not start\n");
    }

    @Test
    void validateFindsPromptsThatAreHeldOutAndTrainedOn() throws IOException {
        Path train = write("train.jsonl", GOOD + GOOD.replace("1+2", "1+1"));
        Path eval = write("eval.jsonl", GOOD);

        CommandLineRun run = data("validate", train, "--set", "data.eval=" + eval);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(eval + ":1: a held-out prompt that is in the training data too: also " + train + ":1\n")
                .endsWith("nothing grave\n");
    }

    @Test
    void validatePassesTheDemo() {
        CommandLineRun run = EndToEndRun.of(List.of("data", "validate", "--config", "configs/demo.yaml"));

        assertThat(run.out()).contains("nothing grave");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void refusesACallThatNamesNoData() {
        assertThat(EndToEndRun.of(List.of("data", "inspect")).err())
                .isEqualTo("dil-ort: data: expected --config FILE, or --model DIR and one or more files of data\n");
        assertThat(EndToEndRun.of(List.of("data")).err())
                .isEqualTo("dil-ort: data: got nothing, expected inspect, validate or prepare\n");
        assertThat(EndToEndRun.of(List.of("data", "look")).exitCode()).isEqualTo(2);
    }

    @Test
    void trainStopsBeforeTrainingOnGraveFindings() throws IOException {
        Path file = write("pairs.jsonl", GOOD + BLANK);

        assertThat(refusal("model.path=" + DEMO_MODEL, "data.train=" + file))
                .isEqualTo("grave: 1 of 2: a response of white space alone (" + file
                        + ":2); data validate shows them all");
        Path same = write("same.jsonl", SAME);
        assertThat(refusal("model.path=" + DEMO_MODEL, "data.train=" + same))
                .startsWith("grave: 1 of 1: chosen and rejected are the same (" + same + ":1)");
    }

    @Test
    void trainReadsMixturesAndHoldsPromptsOut() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 10; i < 60; i++) {
            lines.append(GOOD.replace("1+2", i + "+1"));
        }
        Path compressed = temp.resolve("a.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            out.write(lines.toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
        Path table = Files.writeString(temp.resolve("b.csv"), "prompt,chosen,rejected\n2+2=,4,5\n3+3=,6,5\n");

        CommandLineRun run = EndToEndRun.train(
                temp.resolve("out"),
                "model.path=" + DEMO_MODEL,
                "data.train=[" + compressed + ", {path: " + table + ", weight: 2, limit: 1}]",
                "data.eval_split=0.2",
                "train.max_steps=1");

        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("data.train: " + compressed + ": JSON lines, gzip, 50 rows: strings with a prompt\n")
                .contains("data.train: " + table + ": CSV, 2 rows: strings with a prompt\n")
                .containsPattern("data.eval_split: [1-9][0-9]* pairs")
                .contains("preference accuracy");
    }

    private CommandLineRun data(String action, Path file, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("data", action, "--model", DEMO_MODEL.toString(), file.toString()));
        arguments.addAll(List.of(more));
        return EndToEndRun.of(arguments);
    }

    private Path write(String name, String lines) throws IOException {
        return Files.writeString(temp.resolve(name), lines.replace('\'', '"'));
    }
}
