package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.weights.FloatSource;
import org.dilort.weights.TensorInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedStateTest {
    private static final List<Long> THREE = List.of(3L);
    private static final List<Long> ONE = List.of(1L);

    @TempDir
    private Path folder;

    private Path checkpoint;

    @BeforeEach
    void name() {
        checkpoint = folder.resolve("checkpoint");
    }

    private static FloatSource values(float... values) {
        return FloatSource.of(values);
    }

    /** {@code last.gradient} is a parameter of that name: there is no {@code last} whose gradient it could be. */
    @Test
    void keepsEverythingButTheGradientSums() throws IOException {
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            writer.add(CheckpointRole.FROZEN, "v.gradient", ONE, values(11))
                    .add(CheckpointRole.FROZEN, "w", THREE, values(1, 2, 3))
                    .add(CheckpointRole.FROZEN, "w.gradient", THREE, values(4, 5, 6))
                    .add(CheckpointRole.TRAINABLE, "v", ONE, values(12))
                    .add(CheckpointRole.FROZEN, "w.moment1", THREE, values(7, 8, 9))
                    .add(CheckpointRole.FROZEN, "last.gradient", ONE, values(10))
                    .finish();
        }
        SavedState.dropGradients(checkpoint);
        try (CheckpointReader reader = CheckpointReader.open(checkpoint)) {
            assertThat(reader.names(CheckpointRole.TRAINABLE)).containsExactly("v");
            assertThat(reader.names(CheckpointRole.FROZEN))
                    .containsExactly("v.gradient", "w", "w.gradient", "w.moment1", "last.gradient");
            assertThat(reader.toArray("v")).containsExactly(12);
            assertThat(reader.toArray("v.gradient")).containsExactly(0);
            assertThat(reader.toArray("w")).containsExactly(1, 2, 3);
            assertThat(reader.toArray("w.gradient")).containsExactly(0, 0, 0);
            assertThat(reader.toArray("w.moment1")).containsExactly(7, 8, 9);
            assertThat(reader.toArray("last.gradient")).containsExactly(10);
        }
        assertThat(folder.resolve("checkpoint.data")).hasSize(4 * (3 + 1 + 3 + 1) + 12);
        assertThat(files()).containsExactly("checkpoint", "checkpoint.data");
    }

    /** More than the buffer of a move, by distances that are more and less than it. */
    @Test
    void movesBigTensors() {
        int[] sizes = {1_500_000, 7, 2_000_000, 1_048_576};
        SplittableRandom random = new SplittableRandom(5);
        float[][] weights = new float[sizes.length][];
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            for (int i = 0; i < sizes.length; i++) {
                weights[i] = new float[sizes[i]];
                for (int j = 0; j < sizes[i]; j++) {
                    weights[i][j] = random.nextInt();
                }
                List<Long> shape = List.of((long) sizes[i]);
                writer.add(CheckpointRole.FROZEN, i + ".gradient", shape, values(weights[i]))
                        .add(CheckpointRole.FROZEN, String.valueOf(i), shape, values(weights[i]));
            }
            writer.finish();
        }
        SavedState.dropGradients(checkpoint);
        SavedState.dropGradients(checkpoint);
        try (CheckpointReader reader = CheckpointReader.open(checkpoint)) {
            for (int i = 0; i < sizes.length; i++) {
                assertThat(reader.toArray(String.valueOf(i))).isEqualTo(weights[i]);
                assertThat(reader.toArray(i + ".gradient")).containsOnly(0);
            }
        }
    }

    @Test
    void nothingToDropLeavesTheBytes() throws IOException {
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            writer.add(CheckpointRole.FROZEN, "w", THREE, values(1, 2, 3)).finish();
        }
        byte[] before = Files.readAllBytes(checkpoint);
        SavedState.dropGradients(checkpoint);
        assertThat(checkpoint).hasBinaryContent(before);
        try (CheckpointReader reader = CheckpointReader.open(checkpoint)) {
            assertThat(reader.tensors().values()).extracting(TensorInfo::bytes).containsExactly(12L);
            assertThat(reader.toArray("w")).containsExactly(1, 2, 3);
        }
    }

    @Test
    void dataThatOverlapsIsRefused() {
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            writer.addZeros(CheckpointRole.FROZEN, "a", THREE)
                    .addZeros(CheckpointRole.FROZEN, "b", THREE)
                    .finish();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SavedState.dropGradients(checkpoint))
                .withMessageStartingWith("b: its data overlaps with another's");
    }

    @Test
    void whatIsNoCheckpointIsRefused() throws IOException {
        Files.writeString(checkpoint, "short");
        Files.writeString(folder.resolve("checkpoint.data"), "");
        assertThatThrownBy(() -> SavedState.dropGradients(checkpoint)).isInstanceOf(FormatException.class);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
