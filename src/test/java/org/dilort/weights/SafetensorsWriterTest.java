package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final FloatSource ONE = FloatSource.of(new float[] {1});

    @TempDir
    private Path folder;

    @Test
    void writesExactlyTheseBytes() throws IOException {
        Path file = folder.resolve("model.safetensors");
        new SafetensorsWriter(Map.of("format", "pt"))
                .add("h", WeightType.BF16, List.of(1L), FloatSource.of(new float[] {-2}))
                .add("w", WeightType.F32, List.of(1L, 2L), FloatSource.of(new float[] {1, 0.5f}))
                .write(file);
        String header = """
                {"__metadata__":{"format":"pt"},\
                "w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},\
                "h":{"dtype":"BF16","shape":[1],"data_offsets":[8,10]}}""";
        String padded = header + " ".repeat(8 - header.length() % 8);
        byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x3f, 0, (byte) 0xc0};
        assertThat(padded.length() % 8).isZero();
        assertThat(Files.readAllBytes(file)).isEqualTo(SafetensorsBytes.of(padded, data));
    }

    @Test
    void everyFloatTypeComesBackRounded() {
        long seed = 7;
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[400_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-100, 100);
        }
        Path file = folder.resolve("model.safetensors");
        List<WeightType> types = List.of(WeightType.F16, WeightType.F64, WeightType.BF16, WeightType.F32);
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        types.forEach(type -> writer.add(type.name(), type, List.of((long) values.length), FloatSource.of(values)));
        writer.write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.names()).containsExactly("F64", "F32", "F16", "BF16");
            assertThat(read.toArray("F64")).as("seed %d", seed).isEqualTo(values);
            assertThat(read.toArray("F32")).as("seed %d", seed).isEqualTo(values);
            assertThat(read.toArray("F16"))
                    .as("seed %d", seed)
                    .isEqualTo(rounded(values, v -> HalfFloats.fromFloat16(HalfFloats.toFloat16(v))));
            assertThat(read.toArray("BF16"))
                    .as("seed %d", seed)
                    .isEqualTo(rounded(values, v -> HalfFloats.fromBfloat16(HalfFloats.toBfloat16(v))));
        }
    }

    @FunctionalInterface
    private interface Rounding {
        float round(float value);
    }

    private static float[] rounded(float[] values, Rounding rounding) {
        float[] rounded = values.clone();
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = rounding.round(rounded[i]);
        }
        return rounded;
    }

    @Test
    void takesChunksOfAnySize() {
        float[] values = new float[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        FloatSource uneven = sink -> {
            for (int begin = 0, size = 1; begin < values.length; begin += size, size = size * 3 % 1_001 + 1) {
                sink.accept(FloatBuffer.wrap(values, begin, Math.min(size, values.length - begin)));
            }
        };
        Path file = folder.resolve("f");
        new SafetensorsWriter(Map.of())
                .add("a", WeightType.F32, List.of(100L, 100L), uneven)
                .write(file);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.toArray("a")).isEqualTo(values);
        }
    }

    @Test
    void copiesAFolderOfShardsToTheSameBytes() throws IOException {
        Path source = Files.createDirectory(folder.resolve("source"));
        Path copy = Files.createDirectory(folder.resolve("copy"));
        Map<String, String> plan = new LinkedHashMap<>();
        plan.put("b", "model-00002-of-00002.safetensors");
        plan.put("a", "model-00001-of-00002.safetensors");
        plan.put("h", "model-00001-of-00002.safetensors");
        new SafetensorsWriter(Map.of("format", "pt"))
                .add("b", WeightType.F16, List.of(3L), FloatSource.of(new float[] {1, 2, 3}))
                .add("h", WeightType.BF16, List.of(1L), ONE)
                .add("a", WeightType.F32, List.of(), ONE)
                .writeFolder(source, new ShardPlan(plan));
        try (SafetensorsFolder weights = SafetensorsFolder.open(source)) {
            SafetensorsWriter writer = new SafetensorsWriter(weights.metadata());
            weights.names().forEach(name -> writer.copy(weights, name));
            writer.writeFolder(copy, weights.shardPlan());
        }
        assertThat(files(copy)).isEqualTo(files(source)).hasSize(3);
        for (String file : files(source)) {
            assertThat(copy.resolve(file)).hasSameBinaryContentAs(source.resolve(file));
        }
        assertThat(source.resolve("model.safetensors.index.json"))
                .content(StandardCharsets.UTF_8)
                .isEqualTo("""
                {
                  "metadata": {
                    "total_size": 12
                  },
                  "weight_map": {
                    "a": "model-00001-of-00002.safetensors",
                    "b": "model-00002-of-00002.safetensors",
                    "h": "model-00001-of-00002.safetensors"
                  }
                }
                """);
    }

    @Test
    void copiesTypesThatItCannotConvert() {
        byte[] content = SafetensorsBytes.of(
                "{\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        Path copy = folder.resolve("copy");
        try (SafetensorsFile source = SafetensorsFile.open(SafetensorsBytes.write(folder.resolve("s"), content))) {
            new SafetensorsWriter(Map.of())
                    .copy(source, "i")
                    .add("f", WeightType.F32, List.of(1L), ONE)
                    .write(copy);
        }
        try (SafetensorsFile read = SafetensorsFile.open(copy)) {
            ByteBuffer bytes = read.map("i");
            assertThat(bytes.getLong(0)).isEqualTo(0x0807060504030201L);
            assertThat(read.toArray("f")).containsExactly(1);
        }
    }

    @Test
    void refusesAWrongNumberOfElementsAndLeavesNothing() throws IOException {
        Path file = folder.resolve("f");
        SafetensorsWriter few = new SafetensorsWriter(Map.of()).add("a", WeightType.F32, List.of(2L), ONE);
        SafetensorsWriter many = new SafetensorsWriter(Map.of()).add("a", WeightType.F32, List.of(0L), ONE);
        assertThatThrownBy(() -> few.write(file)).hasMessage("a: got 1 elements, expected 2");
        assertThatThrownBy(() -> many.write(file)).hasMessage("a: got 1 elements too many");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void refusesValuesThatOverflowSixteenBits() throws IOException {
        FloatSource large = FloatSource.of(new float[] {70_000});
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("a", WeightType.F16, List.of(1L), large);
        assertThatThrownBy(() -> writer.write(folder.resolve("f")))
                .isInstanceOf(FormatException.class)
                .hasMessage("a: value 70000.0 does not fit F16");
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void refusesNamesTwiceAndTypesItCannotWrite() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("a", WeightType.F32, List.of(1L), ONE);
        assertThatThrownBy(() -> writer.add("a", WeightType.F32, List.of(1L), ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a: the name is taken");
        assertThatThrownBy(() -> writer.add("__metadata__", WeightType.F32, List.of(1L), ONE))
                .hasMessage("__metadata__: the name is taken");
        assertThatThrownBy(() -> writer.add("i", WeightType.I64, List.of(1L), ONE))
                .hasMessage("i: no conversion from float32 to I64");
    }

    @Test
    void refusesPlansThatLackATensorOrLeaveTheFolder() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of()).add("a", WeightType.F32, List.of(1L), ONE);
        ShardPlan other = new ShardPlan(Map.of("b", "x.safetensors"));
        Map<String, String> outside = Map.of("a", "../x");
        assertThatThrownBy(() -> writer.writeFolder(folder, other)).hasMessage("a: the shard plan has no file for it");
        assertThatThrownBy(() -> new ShardPlan(outside)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
