package org.dilort.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFile;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointWriterTest {
    private static final FloatSource ONE = FloatSource.of(new float[] {1});

    @TempDir
    private Path folder;

    @Test
    void writesExactlyTheseBytes() throws IOException {
        Path file = folder.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "w", List.of(1L), FloatSource.of(new float[] {-2}))
                    .finish();
        }
        assertThat(Files.readAllBytes(folder.resolve("checkpoint.data"))).containsExactly(0, 0, 0, 0xc0);
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
                .isEqualTo(String.join(
                        "",
                        "10000000" + "4f445443", // root table at 16, identifier
                        "08000c0008000400", // vtable at 8: version at +8, module_state at +4
                        "08000000" + "14000000" + "02000000", // Checkpoint at 16: module at 20 + 20, version 2
                        "0c0010000c00080000000700", // vtable at 28: trainable +12, frozen +8, external +7
                        "0c000000" + "00000001" + "08000000" + "50000000", // ModuleState at 40: lists at 56 and 132
                        "01000000" + "18000000", // frozen: one tensor, at 60 + 24
                        "0000" + "1200180014000000" + "10000c00000000000400", // vtable at 66: name, dims, type, offset
                        "12000000" + "0000000000000000", // Tensor at 84: external offset 0
                        "01000000" + "08000000" + "14000000", // data type 1, dims at 100 + 8, name at 104 + 20
                        "01000000" + "0100000000000000", // dims at 108: [1]
                        "00000000" + "01000000" + "77000000", // name at 124: "w"
                        "00000000")); // trainable: none
    }

    @Test
    void roundTripsBothListsInTheirOrder() {
        Path file = folder.resolve("checkpoint");
        float[] values = new float[200_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 3f;
        }
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "w", List.of(100L, 2000L), FloatSource.of(values))
                    .addZeros(CheckpointRole.FROZEN, "w.grad", List.of(100L, 2000L))
                    .add(CheckpointRole.TRAINABLE, "b", List.of(), ONE)
                    .add(CheckpointRole.FROZEN, "ä", List.of(1L), ONE)
                    .addZeros(CheckpointRole.FROZEN, "none", List.of(0L))
                    .addZeros(CheckpointRole.FROZEN, "w.m", List.of(3L))
                    .finish();
        }
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            assertThat(reader.names(CheckpointRole.TRAINABLE)).containsExactly("b");
            assertThat(reader.names(CheckpointRole.FROZEN)).containsExactly("w", "w.grad", "ä", "none", "w.m");
            assertThat(reader.names()).containsExactly("b", "w", "w.grad", "ä", "none", "w.m");
            assertThat(reader.toArray("w")).isEqualTo(values);
            assertThat(reader.toArray("w.grad")).isEqualTo(new float[values.length]);
            assertThat(reader.toArray("b")).containsExactly(1);
            assertThat(reader.toArray("w.m")).containsExactly(0, 0, 0);
            assertThat(reader.info("w").shape()).containsExactly(100L, 2000L);
            assertThat(reader.info("w").file()).isEqualTo(folder.resolve("checkpoint.data"));
        }
    }

    /** 4 bytes of w, then the longest of the zeros. */
    @Test
    void tensorsOfZerosShareTheEndOfTheData() {
        Path file = folder.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.addZeros(CheckpointRole.FROZEN, "a", List.of(3L))
                    .add(CheckpointRole.FROZEN, "w", List.of(1L), ONE)
                    .addZeros(CheckpointRole.FROZEN, "b", List.of(2L, 5L))
                    .addZeros(CheckpointRole.TRAINABLE, "c", List.of(7L))
                    .finish();
        }
        assertThat(folder.resolve("checkpoint.data")).hasSize(4 + 40);
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            assertThat(reader.tensors().values()).extracting(TensorInfo::offset).containsExactly(4L, 4L, 0L, 4L);
            assertThat(reader.toArray("w")).containsExactly(1);
            assertThat(reader.toArray("b")).hasSize(10).containsOnly(0);
        }
    }

    @Test
    void anEmptyCheckpointHasBothLists() {
        Path file = folder.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.finish();
        }
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            assertThat(reader.names(CheckpointRole.TRAINABLE)).isEmpty();
            assertThat(reader.names(CheckpointRole.FROZEN)).isEmpty();
        }
    }

    @Test
    void convertsTensorsOfASafetensorsFile() {
        Path weights = folder.resolve("model.safetensors");
        new SafetensorsWriter(Map.of())
                .add("h", WeightType.BF16, List.of(1L, 2L), FloatSource.of(new float[] {1.5f, -3}))
                .add("bad", WeightType.F16, List.of(1L), FloatSource.of(new float[] {Float.NaN}))
                .write(weights);
        Path file = folder.resolve("checkpoint");
        try (SafetensorsFile source = SafetensorsFile.open(weights)) {
            try (CheckpointWriter writer = CheckpointWriter.create(file)) {
                writer.add(CheckpointRole.FROZEN, source, "h").finish();
            }
            try (CheckpointWriter writer = CheckpointWriter.create(folder.resolve("other"))) {
                assertThatThrownBy(() -> writer.add(CheckpointRole.FROZEN, source, "bad"))
                        .isInstanceOf(FormatException.class)
                        .hasMessageStartingWith("bad: 1 of 1 values are not finite");
            }
        }
        try (CheckpointReader reader = CheckpointReader.open(file)) {
            assertThat(reader.info("h").type()).isEqualTo(WeightType.F32);
            assertThat(reader.info("h").shape()).containsExactly(1L, 2L);
            assertThat(reader.toArray("h")).containsExactly(1.5f, -3);
        }
    }

    @Test
    void sameInputGivesTheSameBytes() throws IOException {
        for (String name : List.of("first", "second")) {
            try (CheckpointWriter writer = CheckpointWriter.create(folder.resolve(name))) {
                writer.add(CheckpointRole.TRAINABLE, "a", List.of(1L), ONE)
                        .add(CheckpointRole.FROZEN, "b", List.of(1L), ONE)
                        .addZeros(CheckpointRole.FROZEN, "c", List.of(1000L))
                        .finish();
            }
        }
        assertThat(folder.resolve("first")).hasSameBinaryContentAs(folder.resolve("second"));
        assertThat(folder.resolve("first.data")).hasSameBinaryContentAs(folder.resolve("second.data"));
    }

    @Test
    void leavesNothingWhenItIsGivenUp() throws IOException {
        Path file = folder.resolve("checkpoint");
        Files.writeString(file, "old");
        try (CheckpointWriter writer = CheckpointWriter.create(file)) {
            writer.add(CheckpointRole.FROZEN, "a", List.of(1L), ONE);
        }
        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly("checkpoint");
    }

    @Test
    void refusesAWrongNumberOfElements() {
        List<Long> two = List.of(2L);
        FloatSource three = sink -> sink.accept(FloatBuffer.allocate(3));
        try (CheckpointWriter writer = CheckpointWriter.create(folder.resolve("c"))) {
            assertThatThrownBy(() -> writer.add(CheckpointRole.FROZEN, "a", two, ONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a: got 1 elements, expected 2");
            assertThatThrownBy(() -> writer.add(CheckpointRole.FROZEN, "b", two, three))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("b: got 1 elements too many");
        }
    }

    @Test
    void refusesANameTwiceAlsoInTheOtherList() {
        List<Long> shape = List.of(1L);
        try (CheckpointWriter writer = CheckpointWriter.create(folder.resolve("c"))) {
            writer.addZeros(CheckpointRole.FROZEN, "a", shape);
            assertThatThrownBy(() -> writer.addZeros(CheckpointRole.TRAINABLE, "a", shape))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a: the name is taken");
        }
    }

    @Test
    void namesAFolderThatIsMissing() {
        Path file = folder.resolve("missing").resolve("checkpoint");
        assertThatThrownBy(() -> CheckpointWriter.create(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
