package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.dilort.job.RunFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a training process that is told to end, or killed. */
@DisabledOnOs(OS.WINDOWS)
class SignalsEndToEndTest {
    private static final long DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();
    /** So long that it ends by a signal only. */
    private static final String[] LONG_RUN = {"train.max_steps=1000000", "train.log_every=none", "train.save_every=none"
    };

    private static final int SIGTERM_EXIT = 143;
    private static final int SIGKILL_EXIT = 137;

    @TempDir
    private Path temp;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void aRunThatIsToldToEndWritesACheckpointAndGoesOnLater() throws Exception {
        Process first = start("out");
        awaitSteps(first, 1);
        first.destroy();
        assertThat(exit(first)).isEqualTo(SIGTERM_EXIT);
        long saved = steps();
        assertThat(files().checkpoints()).containsExactly(checkpoint(saved));
        assertThat(temp.resolve("out/hf")).doesNotExist();

        Process second = start("out", "train.resume=true");
        awaitSteps(second, saved + 1);
        second.destroy();
        assertThat(exit(second)).isEqualTo(SIGTERM_EXIT);
        assertThat(files().checkpoints()).containsExactly(checkpoint(saved), checkpoint(steps()));
        assertStepsWithoutGap();
    }

    @Test
    void aKilledRunGoesOnFromItsLastCheckpoint() throws Exception {
        Process first = start("out", "train.save_every=2");
        awaitSteps(first, 5);
        first.destroyForcibly();
        assertThat(exit(first)).isEqualTo(SIGKILL_EXIT);
        List<String> complete = files().checkpoints().stream()
                .filter(name -> name.matches("step-\\d+"))
                .toList();
        assertThat(complete).isNotEmpty();

        Process second = start("out", "train.save_every=2", "train.resume=true");
        awaitSteps(second, steps() + 2);
        second.destroy();
        assertThat(exit(second)).isEqualTo(SIGTERM_EXIT);
        assertStepsWithoutGap();
        assertThat(files().checkpoints()).allMatch(name -> name.matches("step-\\d+"));
    }

    /** A pipe that nobody writes to keeps the run in its preparations. */
    @Test
    void aRunThatHasNotBegunEndsAtOnce() throws Exception {
        Path pipe = temp.resolve("data.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process process = start("out", "data.train=" + pipe);
        await(process, () -> Files.exists(temp.resolve("out/.lock")));
        process.destroy();
        assertThat(exit(process)).isEqualTo(SIGTERM_EXIT);
    }

    @Test
    void aMistakeIsOneLineOnTheRealStreamsToo() throws Exception {
        Path data = Files.writeString(
                temp.resolve("data.jsonl"), "{\"prompt\": \"1+1=\", \"chosen\": \"\", \"rejected\": \"3\"}\n");
        Process process = start("out", "model.path=examples/demo/model", "model.init=random", "data.train=" + data);

        assertThat(exit(process)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(Files.readString(temp.resolve("err")))
                .isEqualTo("dil-ort: " + data + ":1: chosen: empty response\n");
        assertThat(Files.readString(temp.resolve("out.txt"))).isEmpty();
    }

    /** ONNX Runtime would be torn down under its own session if the process ended as processes do. */
    @ParameterizedTest
    @CsvSource({"TERM, training_model.onnx, 143", "TERM, checkpoint.data, 143", "INT, checkpoint.data, 130"})
    void aMeasurementThatIsToldToEndLeavesNothing(String signal, String awaited, int exitCode) throws Exception {
        Path scratch = Files.createDirectory(temp.resolve("scratch"));
        Process process = startProgram(List.of(
                "bench",
                "--config",
                RunFiles.TINY.toString(),
                "--steps",
                "1000000",
                "--set",
                "output=" + temp.resolve("out")));
        await(process, () -> contains(scratch, awaited));

        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(exit(process)).isEqualTo(exitCode);
        assertThat(errors()).isEqualTo("dil-ort: ended by SIG" + signal + "\n");
        assertThat(scratch).isDirectoryNotContaining("glob:**/dil-ort-*");
        assertThat(temp).isDirectoryNotContaining("glob:**/hs_err*");
    }

    @Test
    void aServerThatIsToldToEndIsDone() throws Exception {
        Process process = startProgram(List.of("serve", "--model", "examples/demo/model", "--port", "0"));
        await(process, () -> printed().startsWith("serving examples/demo/model at http://127.0.0.1:"));

        process.destroy();

        assertThat(exit(process)).isEqualTo(ExitCode.DONE);
        assertThat(printed()).endsWith("\nstopped\n");
    }

    private String printed() {
        try {
            return Files.readString(temp.resolve("out.txt"));
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean contains(Path folder, String name) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private Process start(String output, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(Arrays.asList(LONG_RUN));
        all.addAll(Arrays.asList(overrides));
        return startProgram(EndToEndRun.trainArguments(temp.resolve(output), all.toArray(String[]::new)));
    }

    private Process startProgram(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ErrorFile=" + temp.resolve("hs_err.log")));
        if (Files.exists(temp.resolve("scratch"))) {
            command.add("-Djava.io.tmpdir=" + temp.resolve("scratch"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectOutput(temp.resolve("out.txt").toFile())
                .redirectError(temp.resolve("err").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void awaitSteps(Process process, long steps) throws InterruptedException {
        await(process, () -> Files.exists(temp.resolve("out/metrics.jsonl")) && steps() >= steps);
    }

    /** Looks again and again until it holds, and gives up when the process ends or takes too long. */
    private void await(Process process, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                fail("the process ended with %d: %s", process.exitValue(), errors());
            }
            if (System.nanoTime() - start > DEADLINE_NANOS) {
                fail("nothing happened: %s", errors());
            }
        }
    }

    private int exit(Process process) throws InterruptedException {
        assertThat(process.waitFor(DEADLINE_NANOS, TimeUnit.NANOSECONDS))
                .as("%s", errors())
                .isTrue();
        return process.exitValue();
    }

    private String errors() {
        try {
            return Files.readString(temp.resolve("err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Whole lines of metrics. */
    private long steps() {
        try {
            return Files.readString(temp.resolve("out/metrics.jsonl"))
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    private void assertStepsWithoutGap() {
        assertThat(errors()).isEmpty();
        assertThat(files().stepNumbers())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, steps()).boxed().toList());
    }

    private static String checkpoint(long step) {
        return String.format("step-%08d", step);
    }

    private RunFiles files() {
        return new RunFiles(temp.resolve("out"));
    }
}
