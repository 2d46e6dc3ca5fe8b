package org.dilort.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.files.DurableFiles;
import org.dilort.files.Sha256;
import org.dilort.runtime.MicroBatch;
import org.dilort.runtime.StepResult;
import org.dilort.runtime.TrainablePolicy;
import org.dilort.runtime.UpdateResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderTest {
    private static final String SUFFIX = "; passing over checkpoint step-00000020";

    @TempDir
    private Path temporary;

    private final List<String> warnings = new ArrayList<>();
    private Path folder;
    private CheckpointFolder checkpoints;

    @BeforeEach
    void open() {
        folder = temporary.resolve("checkpoints");
        checkpoints = CheckpointFolder.open(folder, 2, warnings::add);
    }

    @Test
    void findsWhatWasSaved() {
        CheckpointState state = new CheckpointState(
                new LoopState(20, 17, 3, 2, 1.0 / 3, 123_456_789_012L),
                Fakes.identity("lsif"),
                new TreeMap<>(Map.of("loss", new Best(0.1, 15))));
        Path saved = checkpoints.save(state, QuadraticPolicy.fresh());
        assertThat(saved).isEqualTo(folder.resolve("step-00000020"));
        assertThat(names(saved)).containsExactly("checkpoint", "checkpoint.data", "trainer.json");
        Checkpoint found = checkpoints.latest().orElseThrow();
        assertThat(found).isEqualTo(new Checkpoint(saved, state));
        assertThat(found.policyFile()).isEqualTo(saved.resolve("checkpoint")).hasContent("quadratic");
        assertThat(names(folder)).containsExactly("step-00000020");
        assertThat(warnings).isEmpty();
    }

    @Test
    void describesItselfInJson() throws IOException {
        Path saved = save(20);
        assertThat(Files.readString(saved.resolve("trainer.json")).replaceAll("\\s+", ""))
                .startsWith("{\"format\":1,\"progress\":{\"step\":20,\"applied_updates\":20,\"skipped_updates\":0,"
                        + "\"consecutive_skips\":0,\"epoch\":2.5,\"num_tokens\":360},"
                        + "\"run\":{\"values\":{\"head.name\":\"lsif\",\"train.seed\":\"42\"}},\"best\":{},"
                        + "\"files\":[{\"name\":\"checkpoint\",\"size\":9,\"sha256\":\""
                        + Sha256.of("quadratic".getBytes(StandardCharsets.UTF_8)) + "\"},"
                        + "{\"name\":\"checkpoint.data\",\"size\":16,\"sha256\":\""
                        + Sha256.of(new byte[16]) + "\"}],\"content_sha256\":\"");
    }

    @Test
    void writesTheSameBytesForTheSameState() throws IOException {
        Path first = save(20);
        Path second = CheckpointFolder.open(temporary.resolve("other"), 2, warnings::add)
                .save(Fakes.stateAt(20), QuadraticPolicy.fresh());
        assertThat(first.resolve("trainer.json")).hasSameBinaryContentAs(second.resolve("trainer.json"));
    }

    @Test
    void isEmptyBeforeTheFirstCheckpoint() {
        assertThat(checkpoints.latest()).isEmpty();
    }

    @Test
    void keepsTheNewest() {
        save(5);
        save(10);
        save(15);
        assertThat(names(folder)).containsExactly("step-00000010", "step-00000015");
        save(123_456_789);
        assertThat(names(folder)).containsExactly("step-00000015", "step-123456789");
        assertThat(latestStep()).isEqualTo(123_456_789);
    }

    @Test
    void leavesAloneWhatIsNotACheckpoint() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "mine");
        Files.createDirectory(folder.resolve("step-best"));
        save(5);
        save(10);
        save(15);
        assertThat(names(folder)).containsExactly("notes.txt", "step-00000010", "step-00000015", "step-best");
    }

    @Test
    void neverRemovesTheOnlyGoodOneForADamagedNewerOne() throws IOException {
        CheckpointFolder one = CheckpointFolder.open(folder, 1, warnings::add);
        one.save(Fakes.stateAt(20), QuadraticPolicy.fresh());
        Files.delete(folder.resolve("step-00000020").resolve("checkpoint"));
        one.save(Fakes.stateAt(15), QuadraticPolicy.fresh());
        assertThat(names(folder)).containsExactly("step-00000015");
        assertThat(latestStep()).isEqualTo(15);
    }

    @Test
    void replacesADamagedOneOfTheSameStep() throws IOException {
        save(10);
        Files.writeString(save(20).resolve("checkpoint"), "");
        save(20);
        assertThat(latestStep()).isEqualTo(20);
        assertThat(names(folder)).containsExactly("step-00000010", "step-00000020");
        assertThat(warnings).isEmpty();
    }

    @Test
    void removesWhatAKilledRunLeftHalfWritten() throws IOException {
        save(10);
        Path leftover = Files.createDirectory(folder.resolve("step-00000020.tmp"));
        Files.writeString(leftover.resolve("checkpoint"), "qua");
        Path discarded = Files.createDirectory(folder.resolve("step-00000005.old.tmp"));
        Files.writeString(discarded.resolve("checkpoint.data"), "");
        CheckpointFolder.open(folder, 2, warnings::add);
        assertThat(names(folder)).containsExactly("step-00000010");
    }

    @Test
    void leavesNothingOfACheckpointThatFails() {
        save(10);
        TrainablePolicy failing = new FailingPolicy(new IllegalStateException("no memory"));
        TrainablePolicy full = new FailingPolicy(
                new UncheckedIOException(new FileSystemException("checkpoint", null, "No space left on device")));
        assertThatThrownBy(() -> checkpoints.save(Fakes.stateAt(20), failing)).hasMessage("no memory");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> checkpoints.save(Fakes.stateAt(20), full))
                .withMessage(folder.resolve("step-00000020")
                        + ": checkpoint not written: No space left on device; earlier ones are untouched");
        assertThat(names(folder)).containsExactly("step-00000010");
        assertThat(latestStep()).isEqualTo(10);
    }

    @Test
    void saysWhenACheckpointCannotBeWritten() throws IOException {
        DurableFiles.deleteTree(folder);
        Files.writeString(folder, "a file now");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> save(10))
                .withMessage(folder.resolve("step-00000010")
                        + ": checkpoint not written: its folder was removed or moved while the run went on");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(() -> CheckpointFolder.open(folder, 2, warnings::add))
                .withMessageStartingWith(folder + ": not usable for checkpoints: ");
    }

    @Test
    void passesOverATruncatedFile() throws IOException {
        save(10);
        Path data = save(20).resolve("checkpoint.data");
        Files.write(data, new byte[15]);
        assertPassedOver(data + ": 15 bytes, expected 16");
    }

    @Test
    void passesOverAMissingFile() throws IOException {
        save(10);
        Path data = save(20).resolve("checkpoint.data");
        Files.delete(data);
        assertPassedOver(data + ": there is no such file");
    }

    @Test
    void passesOverAFolderWithoutDescription() throws IOException {
        save(10);
        Path saved = save(20);
        Files.delete(saved.resolve("trainer.json"));
        assertPassedOver(saved + ": not readable: there is no such file");
    }

    @Test
    void passesOverADescriptionThatIsNotJson() throws IOException {
        save(10);
        Path description = save(20).resolve("trainer.json");
        Files.writeString(description, "{\"format\": 1,");
        assertThat(latestStep()).isEqualTo(10);
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith(description + ": not a checkpoint's description: ")
                .endsWith(SUFFIX)
                .doesNotContain("\n");
        Files.writeString(description, "[1]");
        assertThat(latestStep()).isEqualTo(10);
        assertThat(warnings).last().isEqualTo(description + ": not a JSON object" + SUFFIX);
    }

    @Test
    void passesOverADescriptionThatWasChanged() throws IOException {
        save(10);
        Path description = save(20).resolve("trainer.json");
        Files.writeString(description, Files.readString(description).replace("360", "361"));
        assertPassedOver(description + ": content is damaged, its hash is not content_sha256");
    }

    @Test
    void passesOverAnotherFormat() throws IOException {
        save(10);
        Path description = save(20).resolve("trainer.json");
        Files.writeString(description, Files.readString(description).replace("\"format\" : 1", "\"format\" : 2"));
        assertPassedOver(description + ": format 2, expected 1");
    }

    @Test
    void seesAnyFlippedBit() throws IOException {
        Path saved = save(20);
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (String name : names(saved)) {
            Path file = saved.resolve(name);
            byte[] good = Files.readAllBytes(file);
            for (int trial = 0; trial < 60; trial++) {
                int at = random.nextInt(good.length);
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << random.nextInt(8));
                if (Character.isWhitespace(good[at])) {
                    continue;
                }
                Files.write(file, bad);
                assertThatExceptionOfType(FormatException.class)
                        .as("seed %d, %s, byte %d", seed, name, at)
                        .isThrownBy(() -> TrainerFile.verified(saved));
            }
            Files.write(file, good);
        }
        assertThat(TrainerFile.verified(saved).state()).isEqualTo(Fakes.stateAt(20));
    }

    @Test
    void refusesToStartAnewOverDamagedCheckpoints() throws IOException {
        Files.delete(save(10).resolve("checkpoint"));
        Files.delete(save(20).resolve("checkpoint"));
        assertThatExceptionOfType(FormatException.class)
                .isThrownBy(() -> checkpoints.latest())
                .withMessage(folder + ": all of its checkpoints (2) are damaged, expected an intact one to resume"
                        + " from; remove the folder to start anew");
        assertThat(warnings).hasSize(2);
    }

    @Test
    void refusesToKeepNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointFolder.open(folder, 0, warnings::add))
                .withMessage("checkpoints to keep = 0, expected 1 or more");
    }

    private void assertPassedOver(String why) {
        assertThat(latestStep()).isEqualTo(10);
        assertThat(warnings).containsExactly(why + SUFFIX);
    }

    private Path save(long step) {
        return checkpoints.save(Fakes.stateAt(step), QuadraticPolicy.fresh());
    }

    private long latestStep() {
        return checkpoints.latest().orElseThrow().state().progress().step();
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes half of a checkpoint, then fails. */
    private static final class FailingPolicy implements TrainablePolicy {
        private final RuntimeException failure;

        FailingPolicy(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public StepResult accumulate(MicroBatch batch) {
            throw new IllegalStateException();
        }

        @Override
        public UpdateResult update(double learningRate) {
            throw new IllegalStateException();
        }

        @Override
        public void discard() {
            throw new AssertionError("never called");
        }

        @Override
        public void save(Path checkpointFile) {
            QuadraticPolicy.fresh().save(checkpointFile);
            throw failure;
        }

        @Override
        public void close() {}
    }
}
