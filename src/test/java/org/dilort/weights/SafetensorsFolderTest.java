package org.dilort.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFolderTest extends WeightSourceContract {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";

    @TempDir
    private Path folder;

    @Override
    protected WeightSource store(Path folder, Map<String, Tensor> tensors) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        tensors.forEach(
                (name, tensor) -> writer.add(name, WeightType.F32, tensor.shape(), FloatSource.of(tensor.values())));
        writer.writeFolder(
                folder,
                new ShardPlan(Map.of(
                        "layers.0.weight", SECOND,
                        "layers.0.bias", FIRST,
                        "big", SECOND,
                        "scalar", FIRST,
                        "empty", FIRST,
                        "bad", SECOND)));
        return SafetensorsFolder.open(folder);
    }

    private void writeShard(String file, String... names) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of("format", "pt"));
        for (String name : names) {
            writer.add(name, WeightType.F32, List.of(1L), FloatSource.of(new float[] {name.charAt(0)}));
        }
        writer.write(folder.resolve(file));
    }

    private void writeIndex(String content) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), content);
    }

    @Test
    void readsASingleFile() {
        writeShard("model.safetensors", "a", "b");
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            assertThat(weights.names()).containsExactly("a", "b");
            assertThat(weights.toArray("b")).containsExactly('b');
            assertThat(weights.metadata()).isEqualTo(Map.of("format", "pt"));
            assertThat(weights.shardPlan()).isEqualTo(ShardPlan.singleFile());
            assertThat(weights.location()).isEqualTo(folder);
        }
    }

    @Test
    void readsShardsInTheOrderOfTheirNames() throws IOException {
        writeShard(SECOND, "a", "c");
        writeShard(FIRST, "b");
        writeIndex("""
                {"metadata": {"total_size": 12},
                 "weight_map": {"a": "%2$s", "b": "%1$s", "c": "%2$s"}}""".formatted(FIRST, SECOND));
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            assertThat(weights.names()).containsExactly("b", "a", "c");
            assertThat(weights.toArray("c")).containsExactly('c');
            assertThat(weights.info("a").file()).isEqualTo(folder.resolve(SECOND));
            assertThat(weights.shardPlan().files()).isEqualTo(Map.of("a", SECOND, "b", FIRST, "c", SECOND));
        }
    }

    @Test
    void refusesAFolderWithoutWeights() throws IOException {
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessage(folder + ": no weights, expected model.safetensors or model.safetensors.index.json");
        Files.createFile(folder.resolve("pytorch_model.bin"));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .hasMessageEndingWith("; pytorch_model.bin is not read, convert it to safetensors");
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("brokenIndexes")
    void refusesIndexes(String index, String expected) throws IOException {
        writeShard(FIRST, "a");
        writeShard(SECOND, "b", "c");
        writeIndex(index);
        assertThatThrownBy(() -> SafetensorsFolder.open(folder).close())
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(expected)
                .hasMessageContaining(folder.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static Stream<Arguments> brokenIndexes() {
        return Stream.of(
                arguments("", "no weight_map"),
                arguments("{", "not valid JSON"),
                arguments("{} x", "not valid JSON"),
                arguments("[]", "no weight_map"),
                arguments("{\"weight_map\": {}}", "no weight_map"),
                arguments("{\"weight_map\": []}", "no weight_map"),
                arguments("{\"weight_map\": {\"a\": 1}}", "weight_map.a is 1, expected the name of a file"),
                arguments(map("a", "../" + FIRST), "expected the name of a file in the same folder"),
                arguments(map("a", "/etc/passwd"), "expected the name of a file in the same folder"),
                arguments(map("a", ".."), "expected the name of a file in the same folder"),
                arguments(map("a", ""), "expected the name of a file in the same folder"),
                arguments("{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}", "Duplicate"),
                arguments(map("a", "gone.safetensors"), "gone.safetensors: no such file, but "),
                arguments(map("b", FIRST), "b: not in "),
                arguments(
                        map("a", FIRST, "b", SECOND),
                        "1 tensors of the shards are missing or elsewhere in weight_map: c"));
    }

    private static String map(String... namesAndFiles) {
        StringBuilder entries = new StringBuilder();
        for (int i = 0; i < namesAndFiles.length; i += 2) {
            entries.append(i == 0 ? "" : ",").append("\"%s\":\"%s\"".formatted(namesAndFiles[i], namesAndFiles[i + 1]));
        }
        return "{\"weight_map\":{" + entries + "}}";
    }

    @Test
    void refusesATensorThatTwoShardsHold() throws IOException {
        writeShard(FIRST, "a", "b");
        writeShard(SECOND, "b");
        writeIndex(map("a", FIRST, "b", SECOND));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("1 tensors of the shards are missing or elsewhere in weight_map: b");
    }

    @Test
    void refusesADamagedShard() throws IOException {
        writeShard(FIRST, "a");
        SafetensorsBytes.write(folder.resolve(SECOND), SafetensorsBytes.of("{}", (byte) 1));
        writeIndex(map("a", FIRST, "b", SECOND));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(SECOND + ": 1 bytes of data, expected 0");
    }
}
