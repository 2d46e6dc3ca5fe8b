package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockedWeightsTest {
    @TempDir
    private Path folder;

    private SafetensorsFile file(int rows, int columns, float... values) {
        Path path = folder.resolve("model.safetensors");
        new SafetensorsWriter(Map.of())
                .add("w", WeightType.F32, List.of((long) rows, (long) columns), FloatSource.of(values))
                .add("norm", WeightType.F32, List.of(1L), FloatSource.of(new float[] {0.3f}))
                .write(path);
        return SafetensorsFile.open(path);
    }

    private BlockedWeights blocked(NamedTensors base, BlockFormat format) {
        return BlockedWeights.at(folder.resolve("blocks.safetensors"), base, Set.of("w"), format, "hash");
    }

    /**
     * Row (-4, 1, 1.2, 3.9): scale -4 / -8 = 0.5, codes -8, 2, 2 (2.4), 7 (7.8 is past the end). Row (8, 0, -2.4, 0.5):
     * scale 8 / -8 = -1, codes -8, 0, 2 (2.4), 0 (-0.5 is a tie, 0 is even). Row of zeros: scale 0. Packed two a byte,
     * the first one low: 28 72, 08 02, 00 00.
     */
    @Test
    void fourBits() throws IOException {
        try (SafetensorsFile base = file(3, 4, -4, 1, 1.2f, 3.9f, 8, 0, -2.4f, 0.5f, 0, 0, 0, 0);
                BlockedWeights blocked = blocked(base, BlockFormat.INT4);
                SafetensorsFile file = SafetensorsFile.open(folder.resolve("blocks.safetensors"))) {
            assertThat(blocked.toArray("w")).containsExactly(-4, 1, 1, 3.5f, 8, -0f, -2, -0f, 0, 0, 0, 0);
            assertThat(file.toArray("w.scales")).containsExactly(0.5f, -1, 0);
            assertThat(file.info("w.scales").shape()).containsExactly(3L, 1L);
            byte[] codes = new byte[6];
            file.map("w.codes").get(codes);
            assertThat(codes).containsExactly(0x28, 0x72, 0x08, 0x02, 0, 0);
            assertThat(file.metadata()).containsEntry("format", "dil-ort INT4").containsEntry("block", "64");
        }
    }

    /** Row (-254, 3, 1): scale 254 / 127 = 2, codes -127, 2 (1.5 is a tie, 2 is even), 0 (0.5 is one too). */
    @Test
    void eightBits() {
        try (SafetensorsFile base = file(1, 3, -254, 3, 1);
                BlockedWeights blocked = blocked(base, BlockFormat.INT8)) {
            assertThat(blocked.toArray("w")).containsExactly(-254, 4, 0);
            assertThat(blocked.stored().info("w.codes").type()).isEqualTo(WeightType.I8);
            assertThat(blocked.stored().info("w.codes").shape()).containsExactly(1L, 3L);
        }
    }

    /** A block is a stretch of one row, so what is big in one leaves the others exact to their own scale. */
    @ParameterizedTest
    @EnumSource(BlockFormat.class)
    void everyBlockHasAScaleOfItsOwn(BlockFormat format) {
        long seed = 11;
        Random random = new Random(seed);
        int rows = 5;
        int columns = 131; // blocks of 64, 64 and 3
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            int block = i / columns * 3 + i % columns / 64;
            values[i] = (float) (random.nextGaussian() * Math.pow(10, block % 4));
        }
        try (SafetensorsFile base = file(rows, columns, values);
                BlockedWeights blocked = blocked(base, format)) {
            float[] read = blocked.toArray("w");
            float[] scales = ((JoinedTensors) blocked.stored()).toArray("w.scales");
            assertThat(scales).hasSize(rows * 3);
            for (int i = 0; i < values.length; i++) {
                float scale = Math.abs(scales[i / columns * 3 + i % columns / 64]);
                float steps = Math.abs(read[i] - values[i]) / scale;
                assertThat(steps)
                        .as("element %d, seed %d", i, seed)
                        .isLessThan(format == BlockFormat.INT8 ? 0.501f : 1);
            }
        }
    }

    @Test
    void othersAreTheModelsOwn() {
        try (SafetensorsFile base = file(1, 2, 1, 2);
                BlockedWeights blocked = blocked(base, BlockFormat.INT4)) {
            assertThat(blocked.names()).containsExactly("w", "norm");
            assertThat(blocked.toArray("norm")).containsExactly(0.3f);
            assertThat(blocked.info("w").type()).isEqualTo(WeightType.F32);
            assertThat(blocked.stored().names()).containsExactlyInAnyOrder("w", "norm", "w.codes", "w.scales");
        }
    }

    @Test
    void isMadeOnceForTheSameWeightsAndAnewForOthers() throws IOException {
        Path path = folder.resolve("blocks.safetensors");
        try (SafetensorsFile base = file(1, 2, 1, 2)) {
            blocked(base, BlockFormat.INT4).close();
            byte[] first = Files.readAllBytes(path);
            Object key = Files.readAttributes(path, "unix:ino").get("ino");
            blocked(base, BlockFormat.INT4).close();
            assertThat(Files.readAttributes(path, "unix:ino").get("ino")).isEqualTo(key);

            Files.write(path, new byte[] {1, 2, 3});
            blocked(base, BlockFormat.INT4).close();
            assertThat(Files.readAllBytes(path)).isEqualTo(first);

            BlockedWeights.at(path, base, Set.of("w"), BlockFormat.INT4, "another")
                    .close();
            assertThat(Files.readAllBytes(path)).isNotEqualTo(first);
            try (BlockedWeights wide = BlockedWeights.at(path, base, Set.of("w"), BlockFormat.INT8, "another")) {
                assertThat(wide.stored().info("w.codes").type()).isEqualTo(WeightType.I8);
            }
        }
    }

    @Test
    void refusesWhatIsNotFiniteAndLeavesNoFile() {
        try (SafetensorsFile base = file(1, 2, 1, Float.NaN)) {
            assertThatThrownBy(() -> blocked(base, BlockFormat.INT8))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("w: ");
        }
        assertThat(folder).isDirectoryNotContaining("glob:**blocks*");
    }
}
