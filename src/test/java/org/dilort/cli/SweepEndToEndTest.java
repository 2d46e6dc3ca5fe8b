package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dil-ort sweep} over tiny runs. */
class SweepEndToEndTest {
    @TempDir
    private Path temp;

    private Path output;

    @BeforeEach
    void nameOutput() {
        output = temp.resolve("out");
    }

    private CommandLineRun sweep(String rest) throws IOException {
        Path file = Files.writeString(
                temp.resolve("heads.yaml"), "base: " + RunFiles.TINY + "\noutput: " + output + "\n" + rest);
        return EndToEndRun.of(List.of("sweep", "--config", file.toString()));
    }

    private static final String TWO_HEADS = """
            set: {data: {eval: src/test/resources/job/held-out.jsonl}, train: {eval_every: 3}}
            runs: [{name: LSIF, head: {name: lsif}}, {name: DPO, head: {name: dpo}}]
            seeds: [1, 2]
            """;

    @Test
    void trainsEveryRunAndComparesThem() throws IOException {
        CommandLineRun run = sweep(TWO_HEADS);
        EndToEndRun.assertSucceeded(run);
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).matches("1/4 LSIF, seed 1: \\d+ s, accuracy .*, logps/chosen .*, margin .*");
        assertThat(lines.get(3)).startsWith("4/4 DPO, seed 2: ");
        assertThat(lines.get(4)).matches("run +runs +accuracy +logp chosen +logp rejected +margin");
        assertThat(lines.get(5)).matches("LSIF +2 +.* ± .*");
        for (String folder : List.of("lsif/seed-1", "lsif/seed-2", "dpo/seed-1", "dpo/seed-2")) {
            RunFiles files = new RunFiles(output.resolve(folder));
            assertThat(files.stepNumbers()).as(folder).hasSize(6);
            assertThat(output.resolve(folder).resolve("train.log")).content().contains("step 6/6");
        }
        assertThat(RunFiles.names(output.resolve("cache/reference"))).hasSize(2);
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("<h1>heads</h1>", "margin, nats, held out");
        assertThat(Files.readString(output.resolve("curves.svg"))).contains(">DPO</text>", "mean of up to 2 runs");
    }

    /** Seeds are the runs' only difference: each is what train alone would have made of it. */
    @Test
    void aRunIsWhatTrainMakesOfIt() throws IOException {
        EndToEndRun.assertSucceeded(sweep("runs: [{head: {name: ukl}}]\nseeds: [5]\n"));
        Path alone = temp.resolve("alone");
        EndToEndRun.assertSucceeded(EndToEndRun.train(alone, "head.name=ukl", "train.seed=5"));
        assertThat(new RunFiles(output.resolve("name=ukl/seed-5")).results()).isEqualTo(new RunFiles(alone).results());
    }

    @Test
    void goesOnWhereItWasAndLeavesWhatIsThere() throws IOException {
        EndToEndRun.assertSucceeded(sweep(TWO_HEADS));
        Path model = output.resolve("dpo/seed-2/hf/model.safetensors");
        Path summary = output.resolve("lsif/seed-1/summary.json");
        FileTime written = Files.getLastModifiedTime(model);
        Files.writeString(summary, Files.readString(summary).replace("COMPLETED", "BEGUN"));
        CommandLineRun again = sweep(TWO_HEADS);
        EndToEndRun.assertSucceeded(again);
        assertThat(again.out()).contains("4/4 DPO, seed 2: complete before, accuracy");
        assertThat(again.out()).containsPattern("1/4 LSIF, seed 1: \\d+ s");
        assertThat(Files.getLastModifiedTime(model)).isEqualTo(written);
    }

    @Test
    void refusesAFolderWithAnotherRun() throws IOException {
        EndToEndRun.assertSucceeded(sweep("runs: [{name: one, head: {name: ukl}}]\n"));
        CommandLineRun other = sweep("runs: [{name: one, head: {name: bce}}]\n");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("holds a run of another configuration");
    }

    /** A folder stands where the run would write its metrics. */
    @Test
    void aRunThatFailsLeavesTheOthers() throws IOException {
        Files.createDirectories(output.resolve("blocked/metrics.jsonl/inside"));
        CommandLineRun run = sweep("runs: [{name: blocked, head: {name: lsif}}, {name: free, head: {name: lsif}}]\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("warning: 1/2 blocked: failed: " + output.resolve("blocked/metrics.jsonl"));
        assertThat(run.out()).contains("2/2 free: ");
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("free")
                .doesNotContain("blocked");
    }
}
