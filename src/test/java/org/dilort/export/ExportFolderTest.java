package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dilort.error.FormatException;
import org.dilort.testing.GoldenModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFolderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    @Test
    void writesTheFilesThatServingRuntimesRead() throws IOException {
        Path export = golden("llama_gqa_tied");

        assertThat(filesOf(export))
                .containsExactly(
                        "README.md",
                        "config.json",
                        "genai_config.json",
                        "generation_config.json",
                        "onnx/model.onnx",
                        "onnx/model.onnx_data");
        JsonNode config = read(export.resolve("config.json"));
        assertThat(config.at("/transformers.js_config/use_external_data_format/model.onnx")
                        .asInt())
                .isEqualTo(1);
        assertThat(config.at("/rms_norm_eps").asText()).isEqualTo("1.0E-5");
        assertThat(Files.readString(export.resolve("config.json"))).contains("\"rope_theta\": 100000.0,");
        assertThat(Files.readString(export.resolve("README.md")))
                .startsWith("---\n")
                .contains("# test\n")
                .contains("llama, 2 layers, hidden size 48, vocabulary 97, up to 64 tokens");
        assertThat(temp.resolve("export.tmp")).doesNotExist();
    }

    @Test
    void writesTheSameBytesTwice() throws IOException {
        Path first = golden("llama_gqa_untied");
        Path second =
                TestModels.export(GoldenModel.load("llama_gqa_untied").folder(), temp.resolve("again/deeper/export"));

        for (String file : filesOf(first)) {
            assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
        }
    }

    @Test
    void replacesAnEarlierExport() throws IOException {
        Files.createDirectories(temp.resolve("export/onnx"));
        Files.writeString(temp.resolve("export/onnx/stale.onnx"), "stale");
        Files.createDirectories(temp.resolve("export.tmp/left"));

        Path export = golden("llama_gqa_tied");

        assertThat(export.resolve("onnx/stale.onnx")).doesNotExist();
        assertThat(temp.resolve("export.tmp")).doesNotExist();
        assertThat(temp.resolve("export.old")).doesNotExist();
    }

    @Test
    void leavesNothingBehindWhenAWeightIsMissing() throws IOException {
        Path model = TestModels.random(temp.resolve("model"), 1, config -> {});
        Files.writeString(
                model.resolve("config.json"),
                Files.readString(model.resolve("config.json"))
                        .replace("\"num_hidden_layers\":2", "\"num_hidden_layers\":3"));

        assertThatThrownBy(() -> TestModels.export(model, temp.resolve("export")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("model.layers.2.");
        assertThat(temp.resolve("export")).doesNotExist();
        assertThat(temp.resolve("export.tmp")).doesNotExist();
    }

    @Test
    void genaiConfigHasOnlyKeysThatItsReaderKnows() throws IOException {
        JsonNode config = read(golden("llama_gqa_tied").resolve("genai_config.json"));

        assertThat(names(config)).containsExactly("model", "search");
        assertThat(names(config.get("model")))
                .isSubsetOf(
                        "type",
                        "vocab_size",
                        "context_length",
                        "pad_token_id",
                        "bos_token_id",
                        "eos_token_id",
                        "decoder");
        assertThat(names(config.at("/model/decoder")))
                .isSubsetOf(
                        "filename",
                        "hidden_size",
                        "num_attention_heads",
                        "num_hidden_layers",
                        "num_key_value_heads",
                        "head_size",
                        "session_options",
                        "inputs",
                        "outputs");
        assertThat(config.at("/model/type").asText()).isEqualTo("llama");
        assertThat(config.at("/model/context_length").asInt()).isEqualTo(64);
        assertThat(config.at("/model/vocab_size").asInt()).isEqualTo(97);
        assertThat(config.at("/model/eos_token_id").asInt()).isEqualTo(2);
        assertThat(config.at("/model/decoder/filename").asText()).isEqualTo("onnx/model.onnx");
        assertThat(config.at("/model/decoder/head_size").asInt()).isEqualTo(12);
        assertThat(config.at("/search/past_present_share_buffer")).isEqualTo(JSON.readTree("false"));
        assertThat(config.at("/search/max_length").asInt()).isEqualTo(64);
    }

    @Test
    void specialIdsComeFromBothFilesAndMayBeSeveral() throws IOException {
        Path model = TestModels.random(
                temp.resolve("model"),
                1,
                config -> config.put("bos_token_id", 3)
                        .putArray("eos_token_id")
                        .add(4)
                        .add(5));
        Files.writeString(
                model.resolve("generation_config.json"),
                "{\"eos_token_id\": [6, 7], \"top_p\": 0.9, \"do_sample\": true, \"max_new_tokens\": 9}");

        Path export = TestModels.export(model, temp.resolve("export"));

        JsonNode genai = read(export.resolve("genai_config.json"));
        assertThat(genai.at("/model/eos_token_id")).isEqualTo(JSON.readTree("[6, 7]"));
        assertThat(genai.at("/model/bos_token_id").asInt()).isEqualTo(3);
        assertThat(genai.at("/model/pad_token_id").asInt()).isEqualTo(6);
        assertThat(genai.at("/search/top_p").asDouble()).isEqualTo(0.9);
        assertThat(genai.at("/search/do_sample").asBoolean()).isTrue();
        assertThat(read(export.resolve("generation_config.json")))
                .isEqualTo(JSON.readTree(
                        "{\"eos_token_id\": [6, 7], \"top_p\": 0.9, \"do_sample\": true, \"max_new_tokens\": 9,"
                                + " \"bos_token_id\": 3}"));
    }

    @Test
    void refusesASpecialIdThatIsNone() throws IOException {
        Path model = TestModels.random(temp.resolve("model"), 1, config -> config.put("eos_token_id", "end"));

        assertThatThrownBy(() -> TestModels.export(model, temp.resolve("export")))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("eos_token_id: got \"end\", expected a token id")
                .hasMessageContaining("config.json");
    }

    @Test
    void weightsAreExternalAlignedAndStoredOnce() throws IOException {
        for (String name : GoldenModel.ofAnyLength()) {
            Path export = TestModels.export(GoldenModel.load(name).folder(), temp.resolve(name));

            OnnxMl.ModelProto model =
                    OnnxMl.ModelProto.parseFrom(Files.readAllBytes(export.resolve("onnx/model.onnx")));

            List<String> external = new ArrayList<>();
            long end = 0;
            for (OnnxMl.TensorProto tensor : model.getGraph().getInitializerList()) {
                if (tensor.getDataLocation() == OnnxMl.TensorProto.DataLocation.EXTERNAL) {
                    external.add(tensor.getName());
                    assertThat(entry(tensor, "location")).isEqualTo("model.onnx_data");
                    long offset = Long.parseLong(entry(tensor, "offset"));
                    assertThat(offset % 4096).as(tensor.getName()).isZero();
                    assertThat(offset).as(tensor.getName()).isGreaterThanOrEqualTo(end);
                    end = offset + Long.parseLong(entry(tensor, "length"));
                } else {
                    assertThat(tensor.getRawData().size()).as(tensor.getName()).isLessThan(1024);
                }
            }
            List<String> parameters = GoldenModel.load(name).model().parameters().stream()
                    .map(parameter -> parameter.name())
                    .toList();
            assertThat(external).containsAll(parameters).doesNotHaveDuplicates();
            assertThat(external.contains("lm_head.weight")).isEqualTo(parameters.contains("lm_head.weight"));
            assertThat(Files.size(export.resolve("onnx/model.onnx_data"))).isEqualTo(end);
        }
    }

    @Test
    void theGraphHasTheNamesTypesAndDimensionsOfTheContract() throws OrtException {
        try (DecoderSession session = DecoderSession.ofExport(golden("llama_gqa_tied"), TestModels.ONE_THREAD)) {
            OrtSession graph = session.session();

            assertThat(graph.getInputNames())
                    .containsExactly(
                            "input_ids",
                            "attention_mask",
                            "position_ids",
                            "past_key_values.0.key",
                            "past_key_values.0.value",
                            "past_key_values.1.key",
                            "past_key_values.1.value");
            assertThat(graph.getOutputNames())
                    .containsExactly("logits", "present.0.key", "present.0.value", "present.1.key", "present.1.value");
            String past = "FLOAT [batch_size, 2, past_sequence_length, 12]";
            String present = "FLOAT [batch_size, 2, total_sequence_length, 12]";
            assertThat(describe(graph.getInputInfo().values()))
                    .containsExactly(
                            "INT64 [batch_size, sequence_length]",
                            "INT64 [batch_size, total_sequence_length]",
                            "INT64 [batch_size, sequence_length]",
                            past,
                            past,
                            past,
                            past);
            assertThat(describe(graph.getOutputInfo().values()))
                    .containsExactly("FLOAT [batch_size, sequence_length, 97]", present, present, present, present);
        }
    }

    @Test
    void theCacheLeavesAnUnusualHeadSizeOpen() throws OrtException {
        Path model = TestModels.random(temp.resolve("model"), 1, config -> config.put("head_dim", 6));
        Path export = TestModels.export(model, temp.resolve("export"));

        try (DecoderSession session = DecoderSession.ofExport(export, TestModels.ONE_THREAD);
                DecoderSession inMemory = open(model)) {
            List<String> inputs = describe(session.session().getInputInfo().values());
            List<String> outputs = describe(session.session().getOutputInfo().values());

            assertThat(inputs)
                    .filteredOn("FLOAT [batch_size, 2, past_sequence_length, head_size]"::equals)
                    .hasSize(4);
            assertThat(outputs)
                    .filteredOn("FLOAT [batch_size, 2, total_sequence_length, 6]"::equals)
                    .hasSize(4);
            assertThat(inMemory.session().getInputNames())
                    .isEqualTo(session.session().getInputNames());
        }
    }

    private static DecoderSession open(Path model) {
        try (var weights = org.dilort.weights.SafetensorsFolder.open(model)) {
            return DecoderSession.ofWeights(org.dilort.model.Architectures.read(model), weights, TestModels.ONE_THREAD);
        }
    }

    @Test
    void refusesATruncatedModelFile() throws IOException {
        Path export = golden("llama_gqa_tied");
        truncate(export.resolve("onnx/model.onnx"), 1000);

        assertThatThrownBy(() -> DecoderSession.ofExport(export, TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("onnx/model.onnx: ONNX Runtime cannot load it");
    }

    @Test
    void refusesATruncatedWeightFile() throws IOException {
        Path export = golden("llama_gqa_tied");
        truncate(export.resolve("onnx/model.onnx_data"), 5000);

        assertThatThrownBy(() -> DecoderSession.ofExport(export, TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("onnx/model.onnx: ONNX Runtime cannot load it");
    }

    @Test
    void refusesAGraphThatIsNotTheConfigs() throws IOException {
        Path export = golden("llama_gqa_tied");
        Path config = export.resolve("config.json");
        Files.writeString(
                config, Files.readString(config).replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"));

        assertThatThrownBy(() -> DecoderSession.ofExport(export, TestModels.ONE_THREAD))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("past_key_values.1.key")
                .hasMessageContaining("expected");
    }

    private Path golden(String name) {
        return TestModels.export(GoldenModel.load(name).folder(), temp.resolve("export"));
    }

    private static void truncate(Path file, int length) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, length));
    }

    private static List<String> describe(Collection<NodeInfo> infos) {
        return infos.stream().map(info -> describe((TensorInfo) info.getInfo())).toList();
    }

    private static String describe(TensorInfo info) {
        List<String> dims = new ArrayList<>();
        for (int i = 0; i < info.getShape().length; i++) {
            dims.add(info.getShape()[i] < 0 ? info.getDimensionNames()[i] : Long.toString(info.getShape()[i]));
        }
        assertThat(info.type).isIn(OnnxJavaType.FLOAT, OnnxJavaType.INT64);
        return info.type + " " + dims;
    }

    private static String entry(OnnxMl.TensorProto tensor, String key) {
        return tensor.getExternalDataList().stream()
                .filter(entry -> entry.getKey().equals(key))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    private static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    private static Set<String> names(JsonNode node) {
        Set<String> names = new TreeSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .collect(Collectors.toList());
        }
    }
}
