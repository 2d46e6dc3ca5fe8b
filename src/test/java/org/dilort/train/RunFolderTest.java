package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.dilort.error.ConfigException;
import org.dilort.train.RunFolder.Existing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    @TempDir
    private Path temporary;

    @Test
    void makesTheFolderAndNamesItsFiles() {
        Path output = temporary.resolve("runs").resolve("first");
        try (RunFolder run = RunFolder.open(output, Existing.REFUSE)) {
            assertThat(output).isDirectory();
            assertThat(run.folder()).isEqualTo(output);
            assertThat(run.config()).isEqualTo(output.resolve("config.yaml"));
            assertThat(run.metrics()).isEqualTo(output.resolve("metrics.jsonl"));
            assertThat(run.artifacts()).isEqualTo(output.resolve("artifacts"));
            assertThat(run.checkpoints()).isEqualTo(output.resolve("checkpoints"));
            assertThat(run.hf()).isEqualTo(output.resolve("hf"));
            assertThat(run.export()).isEqualTo(output.resolve("export"));
        }
    }

    @Test
    void refusesAnotherRunsFolder() throws IOException {
        Files.writeString(temporary.resolve("metrics.jsonl"), "");
        Files.createDirectory(temporary.resolve("hf"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RunFolder.open(temporary, Existing.REFUSE))
                .withMessage("output: " + temporary + " holds another run (metrics.jsonl, hf), expected an empty or new"
                        + " folder; to go on with that run set train.resume = true");
        assertThat(temporary.resolve(".lock")).doesNotExist();
        RunFolder.open(temporary, Existing.RESUME).close();
    }

    @Test
    void refusesTheFolderOfEveryFileOfARun() throws IOException {
        for (String name : new String[] {"config.yaml", "metrics.jsonl", "artifacts", "checkpoints", "hf", "export"}) {
            Path output = Files.createDirectory(temporary.resolve("with-" + name));
            Files.writeString(output.resolve(name), "");
            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> RunFolder.open(output, Existing.REFUSE))
                    .withMessageContaining("holds another run (" + name + ")");
        }
    }

    @Test
    void anAbandonedRunIsNotInTheWayOfTheNextTry() throws IOException {
        Files.writeString(temporary.resolve("notes.txt"), "mine");
        try (RunFolder run = RunFolder.open(temporary, Existing.REFUSE)) {
            Files.writeString(run.config(), "");
            Files.createDirectory(run.artifacts());
            Files.writeString(run.artifacts().resolve("checkpoint"), "half");
            run.abandon(RunFolderTest::unexpected);
        }
        assertThat(temporary.resolve("notes.txt")).hasContent("mine");
        assertThatNoException()
                .isThrownBy(() -> RunFolder.open(temporary, Existing.REFUSE).close());
    }

    @Test
    void aRunThatHasBegunOrMayHaveIsNotRemoved() throws IOException {
        try (RunFolder run = RunFolder.open(temporary, Existing.REFUSE)) {
            Files.writeString(run.config(), "");
            Files.writeString(run.metrics(), "");
            run.abandon(RunFolderTest::unexpected);
            assertThat(run.config()).exists();
            Files.delete(run.metrics());
        }
        try (RunFolder run = RunFolder.open(temporary, Existing.RESUME)) {
            run.abandon(RunFolderTest::unexpected);
            assertThat(run.config()).exists();
        }
    }

    private static void unexpected(String warning) {
        throw new AssertionError(warning);
    }

    @Test
    void doesNotMindFilesThatAreNotARuns() throws IOException {
        Files.writeString(temporary.resolve("notes.txt"), "mine");
        RunFolder.open(temporary, Existing.REFUSE).close();
        RunFolder.open(temporary, Existing.REFUSE).close();
        assertThat(temporary.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void tellsASecondRunInTheSameProcess() {
        long process = ProcessHandle.current().pid();
        try (RunFolder first = RunFolder.open(temporary, Existing.REFUSE)) {
            for (Existing existing : Existing.values()) {
                assertThatExceptionOfType(ConfigException.class)
                        .as("beside %s", first.folder())
                        .isThrownBy(() -> RunFolder.open(temporary, existing))
                        .withMessage("output: " + temporary + " is in use by another run (process " + process
                                + "), expected a folder of this run's own");
            }
        }
        RunFolder.open(temporary, Existing.RESUME).close();
    }

    @Test
    void tellsASecondProcess() throws Exception {
        try (RunFolder first = RunFolder.open(temporary, Existing.REFUSE)) {
            Process second = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xshare:auto",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SecondProcess.class.getName(),
                            first.folder().toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(said.strip())
                    .isEqualTo("output: " + temporary + " is in use by another run (process "
                            + ProcessHandle.current().pid() + "), expected a folder of this run's own");
        }
    }

    /** What the second process of the test above runs. */
    static final class SecondProcess {
        private SecondProcess() {}

        public static void main(String[] arguments) {
            try (RunFolder run = RunFolder.open(Path.of(arguments[0]), Existing.RESUME)) {
                System.out.println("opened " + run.folder());
            } catch (ConfigException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temporary.resolve("output"), "");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RunFolder.open(file, Existing.REFUSE))
                .withMessage("output: " + file + " is a file, expected a folder");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RunFolder.open(file.resolve("run"), Existing.RESUME))
                .withMessageStartingWith("output: " + file);
    }

    @Test
    void refusesAFolderInWhichNoLockCanBeMade() throws IOException {
        Files.createDirectory(temporary.resolve(".lock"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RunFolder.open(temporary, Existing.REFUSE))
                .withMessage("output: " + temporary + " is not writable: Is a directory");
    }

    @Test
    void refusesAFolderThatIsNotWritable() throws IOException {
        Path output = Files.createDirectory(
                temporary.resolve("output"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
        assumeThat(Files.isWritable(output)).as("a user whom permissions bind").isFalse();
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> RunFolder.open(output, Existing.REFUSE))
                .withMessage("output: " + output + " is not writable: permission denied");
    }

    @Test
    void goesOnOnlyWithTheSameRun() {
        RunIdentity stored = identity(Map.of("head.name", "lsif", "train.seed", "42", "schedule.steps", "100"));
        RunIdentity current = identity(Map.of("head.name", "dpo", "head.beta", "0.1", "train.seed", "42"));
        assertThatNoException().isThrownBy(() -> stored.requireSame(identity(stored.values()), temporary));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> stored.requireSame(current, temporary))
                .withMessage(
                        "train.resume: the run in " + temporary + " was started with head.beta = (absent), now 0.1;"
                                + " head.name = lsif, now dpo; schedule.steps = 100, now (absent);"
                                + " expected the same values, or another output");
    }

    private static RunIdentity identity(Map<String, String> values) {
        return new RunIdentity(new TreeMap<>(values));
    }
}
