package org.dilort.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.dilort.export.TestModels;
import org.dilort.job.RunFiles;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model folders that cannot be used. */
class BrokenModelEndToEndTest extends RefusedEndToEndRun {
    private Path model;

    @BeforeEach
    void copyTheModel() throws IOException {
        model = Files.createDirectory(temp.resolve("model"));
        for (String name : RunFiles.names(TINY_MODEL)) {
            Files.copy(TINY_MODEL.resolve(name), model.resolve(name));
        }
    }

    @Test
    void modelFolderMissing() {
        assertRefused(
                "no-model/config.json: no such file, expected a Hugging Face model folder with config.json",
                "model.path=no-model");
    }

    @Test
    void weightsMissing() throws IOException {
        Files.delete(weights());
        assertRefused(model + ": no weights, expected model.safetensors or model.safetensors.index.json", modelPath());
    }

    @ParameterizedTest
    @CsvSource({
        "100000, 97960 bytes of data; expected 185472; the file is truncated",
        "5, 5 bytes; expected a safetensors file of at least 8",
        "0, 0 bytes; expected a safetensors file of at least 8",
    })
    void weightsTruncated(long bytes, String problem) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(weights().toFile(), "rw")) {
            file.setLength(bytes);
        }
        assertRefused(weights() + ": " + problem.replace("; expected", ", expected"), modelPath());
    }

    @Test
    void tensorOfWrongShape() throws IOException {
        changeConfig(config -> config.put("hidden_size", 64));
        assertRefused("model.embed_tokens.weight: shape [97, 48], expected [97, 64] (" + weights() + ")", modelPath());
    }

    @Test
    void tensorMissing() throws IOException {
        changeConfig(config -> config.put("num_hidden_layers", 3));
        assertRefused(
                "model.layers.2.input_layernorm.weight: no such tensor among 20; the nearest name is"
                        + " model.layers.0.input_layernorm.weight (" + model + ")",
                modelPath());
    }

    @Test
    void tensorThatTheModelHasNot() throws IOException {
        changeConfig(config -> config.put("num_hidden_layers", 1));
        assertRefused(
                "model.layers.1.input_layernorm.weight: the model has no such weight (9 unknown in " + model + ")",
                modelPath());
    }

    @Test
    void weightThatIsNotANumber() {
        spoil(weights());
        assertRefused(
                "model.norm.weight: 1 of 48 values are not finite, the first is NaN at index 7; expected none ("
                        + weights() + ")",
                modelPath());
    }

    @Test
    void weightOfTheReferenceThatIsNotANumber() {
        spoil(weights());
        String message =
                "model.norm.weight: 1 of 48 values are not finite, the first is NaN at index 7; expected none ("
                        + weights() + ")";
        assertRefused(message, "reference.path=" + model);

        Path scores = temp.resolve("scores.jsonl");
        CommandLineRun run = EndToEndRun.of(List.of(
                "score",
                "--model",
                model.toString(),
                "--data",
                "src/test/resources/job/pairs.jsonl",
                "--out",
                scores.toString()));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("dil-ort: " + message + "\n");
        assertThat(scores).doesNotExist();
    }

    @Test
    void headThatIsTiedToAnEmbeddingOfAnotherShape() {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (SafetensorsFolder source = SafetensorsFolder.open(model)) {
            source.names().forEach(name -> writer.copy(source, name));
            writer.add("lm_head.weight", WeightType.F32, List.of(2L), FloatSource.of(new float[] {1, 2}));
            writer.write(weights());
        }
        assertRefused("lm_head.weight: shape [2], expected [97, 48] (" + weights() + ")", modelPath());
    }

    @Test
    void vocabularyOfFewerTokensThanTheEmbeddingHasRows() throws IOException {
        changeConfig(config -> config.put("vocab_size", 90));
        assertRefused("model.embed_tokens.weight: shape [97, 48], expected [90, 48] (" + weights() + ")", modelPath());
    }

    @Test
    void weightOfWholeNumbers() throws IOException {
        String file = Files.readString(weights(), StandardCharsets.ISO_8859_1);
        String header = "\"model.norm.weight\":{\"dtype\":";
        assertThat(file).contains(header + "\"F32\"");
        Files.writeString(weights(), file.replace(header + "\"F32\"", header + "\"I32\""), StandardCharsets.ISO_8859_1);
        assertRefused("model.norm.weight: type I32, expected F32, F16, BF16 or F64 (" + weights() + ")", modelPath());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"weight_map\": {\"model.norm.weight\": \"gone.safetensors\"}}|gone.safetensors: no such file, but",
                "{\"weight_map\": {\"model.norm.weight\": \"../up.safetensors\"}}|"
                        + "model.safetensors.index.json: weight_map.model.norm.weight is \"../up.safetensors\", expected",
                "{\"weight_map\": []}|model.safetensors.index.json: no weight_map, expected",
                "{\"weight_map\": {|model.safetensors.index.json: not valid JSON",
            })
    void indexThatDoesNotFitItsShards(String index, String message) throws IOException {
        Files.move(weights(), model.resolve("part.safetensors"));
        Files.writeString(model.resolve("model.safetensors.index.json"), index);
        assertThat(refusal(modelPath())).startsWith(model + "/" + message);
    }

    @Test
    void referenceWithFewerTokensThanTheData() {
        Path small = TestModels.random(temp.resolve("small"), 5, config -> {});
        assertRefused(
                "reference.path: " + small + " has a vocabulary of 40 tokens, but the data has token id 96; expected a"
                        + " model with the policy's tokens",
                "reference.path=" + small);
    }

    @Test
    void architectureUnknown() throws IOException {
        changeConfig(config -> config.put("model_type", "mamba"));
        assertThat(refusal(modelPath()))
                .startsWith("model_type: got \"mamba\", expected one of [gemma2, ")
                .endsWith(" (" + config() + ")");
    }

    @Test
    void modelConfigurationIsNotJson() throws IOException {
        Files.writeString(config(), "{\"model_type\": \"llama\",");
        assertThat(refusal(modelPath())).startsWith(config() + ": not JSON (");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "vocab_size|\"97\"",
                "hidden_size|-1",
                "num_hidden_layers|1.5",
                "num_attention_heads|3",
                "head_dim|13",
                "rope_theta|0",
                "rms_norm_eps|\"small\"",
                "tie_word_embeddings|1",
                "hidden_act|\"quick\"",
                "rope_parameters|[]",
            })
    void modelConfigurationOfWrongValues(String key, String value) throws IOException {
        JsonNode node = new ObjectMapper().readTree(value);
        changeConfig(config -> config.set(key, node));
        assertThat(refusal(modelPath())).startsWith(key + ": got ").endsWith(" (" + config() + ")");
    }

    @Test
    void tokenizerWithMoreTokensThanTheModel() throws IOException {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(Path.of("examples/demo/model", name), model.resolve(name));
        }
        String data = "examples/demo/data/eval.jsonl";
        assertThat(refusal(modelPath(), "data.train=" + data))
                .startsWith(data + ":1: ")
                .contains("expected 0 to 96");
    }

    @Test
    void tokenizerThatIsNotJson() throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), "{\"model\": {\"vocab\": {\"a\": 1}");
        assertThat(refusal(modelPath())).startsWith(model.resolve("tokenizer.json") + ": damaged (line 1)");
    }

    private String modelPath() {
        return "model.path=" + model;
    }

    private Path weights() {
        return model.resolve("model.safetensors");
    }

    private Path config() {
        return model.resolve("config.json");
    }

    private void changeConfig(Consumer<ObjectNode> change) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = (ObjectNode) json.readTree(config().toFile());
        change.accept(root);
        json.writeValue(config().toFile(), root);
    }

    /** Makes one gain of the last norm a NaN. */
    private static void spoil(Path file) {
        SafetensorsWriter writer = new SafetensorsWriter(Map.of());
        try (SafetensorsFolder source = SafetensorsFolder.open(file.getParent())) {
            for (String name : source.names()) {
                float[] values = source.toArray(name);
                if (name.equals("model.norm.weight")) {
                    values[7] = Float.NaN;
                }
                writer.add(name, WeightType.F32, source.info(name).shape(), FloatSource.of(values));
            }
            writer.write(file);
        }
    }
}
