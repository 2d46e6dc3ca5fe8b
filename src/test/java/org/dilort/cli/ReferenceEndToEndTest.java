package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dil-ort reference}: parts from several machines, and the run that finds them. */
class ReferenceEndToEndTest {
    @TempDir
    private Path temp;

    private CommandLineRun compute(String cache, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "reference",
                "compute",
                "--config",
                RunFiles.TINY.toString(),
                "--set",
                "output=" + temp.resolve("out"),
                "--set",
                "reference.cache=" + temp.resolve(cache)));
        arguments.addAll(List.of(more));
        return EndToEndRun.of(arguments);
    }

    private Path file(String cache) {
        try (Stream<Path> files = Files.list(temp.resolve(cache))) {
            return files.filter(file -> file.toString().endsWith(".reference"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void partsFromTwoMachinesServeARun() {
        CommandLineRun one = compute("a", "--part", "1/2");
        EndToEndRun.assertSucceeded(one);
        assertThat(one.out()).contains("reference log-probabilities of data.train: computing 6 of 12 pairs\n");
        EndToEndRun.assertSucceeded(compute("b", "--part", "2/2", "--set", "reference.micro_batch_tokens=64"));

        CommandLineRun half =
                EndToEndRun.of(List.of("reference", "inspect", file("a").toString()));
        EndToEndRun.assertSucceeded(half);
        assertThat(half.out())
                .startsWith(file("a") + ": 6 of 12 pairs\n  model ")
                .contains("\n  tokens ")
                .contains("\n  chosen    log-probability: least -");

        CommandLineRun merged = EndToEndRun.of(List.of(
                "reference",
                "merge",
                file("a").toString(),
                file("b").toString(),
                "--out",
                temp.resolve("all").toString()));
        EndToEndRun.assertSucceeded(merged);
        assertThat(merged.out()).isEqualTo(file("all") + ": 12 of 12 pairs\n");

        CommandLineRun run = EndToEndRun.train(temp.resolve("out"), "reference.cache=" + temp.resolve("all"));
        EndToEndRun.assertSucceeded(run);
        assertThat(run.out())
                .contains("reference log-probabilities of data.train: from the cache in " + temp.resolve("all"));
        assertThat(new RunFiles(temp.resolve("out"))
                        .steps()
                        .get(0)
                        .get("rewards/chosen")
                        .asDouble())
                .isBetween(-1e-4, 1e-4);
    }

    /** What a killed pass leaves is gone on with. */
    @Test
    void goesOnWhereItWasCut() throws IOException {
        EndToEndRun.assertSucceeded(compute("a", "--set", "reference.micro_batch_tokens=40"));
        byte[] whole = Files.readAllBytes(file("a"));
        try (RandomAccessFile cut = new RandomAccessFile(file("a").toFile(), "rw")) {
            cut.setLength(whole.length - 10);
        }

        CommandLineRun again = compute("a", "--set", "reference.micro_batch_tokens=40");
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("damaged or cut after ");
        assertThat(again.out()).contains("computing 1 of 12 pairs");
        assertThat(Files.readAllBytes(file("a"))).isEqualTo(whole);
        assertThat(compute("a").out()).contains("reference log-probabilities of data.train: all there in " + file("a"));
    }

    @Test
    void worksForRandomWeightsAnotherModelAndAdapters() {
        for (String setting : List.of(
                "model.init=random",
                "reference.path=src/test/resources/golden/tiny-llama_gqa_untied",
                "model.lora={rank: 2, quantize: int8}",
                "head.name=wpo")) {
            CommandLineRun run = compute("cache-" + setting.hashCode(), "--set", setting);
            EndToEndRun.assertSucceeded(run);
            assertThat(run.out()).as(setting).contains("computing 12 of 12 pairs");
        }
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reference|reference: got nothing, expected compute, inspect or merge",
                "reference show|reference: got show, expected compute, inspect or merge",
                "reference compute|reference compute: expected --config FILE and no other file",
                "reference inspect|reference inspect: expected one or more files of a reference cache",
                "reference inspect nowhere|nowhere: no such file",
                "reference merge a|reference merge: expected --out DIR, the folder of the whole",
                "reference merge --out x|reference merge: expected one or more files of a reference cache",
            })
    void mistakesAreToldInOneLine(String arguments, String message) {
        CommandLineRun run = EndToEndRun.of(List.of(arguments.split(" ")));
        assertThat(run).isEqualTo(new CommandLineRun(2, "", "dil-ort: " + message + "\n"));
    }

    @Test
    void partsAreFractions() {
        for (String part : List.of("0/2", "3/2", "1", "1/0", "a/b")) {
            CommandLineRun run = compute("a", "--part", part);
            assertThat(run.exitCode()).as(part).isEqualTo(2);
            assertThat(run.err())
                    .isEqualTo("dil-ort: --part: got " + part + ", expected I/N with 1 <= I <= N, such as 2/4\n");
        }
        CommandLineRun none = compute("a", "--set", "head.name=sft");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err())
                .isEqualTo("dil-ort: head.name: got sft, which needs no reference, expected a head that does\n");
    }
}
