package org.dilort.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dilort.artifacts.CheckpointReader;
import org.dilort.artifacts.CheckpointRole;
import org.dilort.artifacts.CheckpointWriter;
import org.dilort.error.FormatException;
import org.dilort.model.Architectures;
import org.dilort.model.CausalLm;
import org.dilort.model.Parameter;
import org.dilort.model.RunLength;
import org.dilort.testing.GoldenModel;
import org.dilort.weights.FloatSource;
import org.dilort.weights.SafetensorsFolder;
import org.dilort.weights.SafetensorsWriter;
import org.dilort.weights.ShardPlan;
import org.dilort.weights.TensorInfo;
import org.dilort.weights.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceFolderTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private static final HuggingFaceFolder.Tuned AS_IT_IS = new HuggingFaceFolder.Tuned("", RunLength.SHORT);

    @TempDir
    private Path temp;

    @Test
    void anUntrainedModelComesOutAsItWentIn() throws IOException {
        Path input = GoldenModel.load("llama_gqa_untied").folder();

        try (SafetensorsFolder weights = SafetensorsFolder.open(input)) {
            HuggingFaceFolder.writeLike(input, weights, AS_IT_IS, target());
        }

        for (String file : List.of("config.json", "generation_config.json", "model.safetensors")) {
            assertThat(target().resolve(file)).hasSameBinaryContentAs(input.resolve(file));
        }
        assertThat(temp.resolve("hf.tmp")).doesNotExist();
    }

    @Test
    void takesEveryParameterFromTheTrainedState() {
        Path input = GoldenModel.load("llama_gqa_tied").folder();
        CausalLm model = Architectures.read(input);

        try (CheckpointReader trained = trained(model)) {
            HuggingFaceFolder.writeLike(input, trained, AS_IT_IS, target());
        }

        try (SafetensorsFolder before = SafetensorsFolder.open(input);
                SafetensorsFolder after = SafetensorsFolder.open(target())) {
            assertThat(after.names()).isEqualTo(before.names());
            int number = 0;
            for (Parameter parameter : model.parameters()) {
                assertThat(after.info(parameter.name()).shape()).isEqualTo(TestModels.shape(parameter));
                assertThat(after.toArray(parameter.name()))
                        .as(parameter.name())
                        .startsWith(number)
                        .containsOnly(number);
                number++;
            }
        }
    }

    @Test
    void keepsTypesShardsMetadataAndForeignTensors() {
        Path input = TestModels.random(temp.resolve("model"), 1, config -> {});
        CausalLm model = Architectures.read(input);
        Map<String, String> files = new LinkedHashMap<>();
        SafetensorsWriter writer = new SafetensorsWriter(new TreeMap<>(Map.of("format", "pt", "made", "here")));
        for (Parameter parameter : model.parameters()) {
            WeightType type = parameter.name().contains("norm") ? WeightType.F32 : WeightType.BF16;
            writer.add(parameter.name(), type, TestModels.shape(parameter), constant(parameter, 9));
            files.put(parameter.name(), parameter.name().contains(".1.") ? "b.safetensors" : "a.safetensors");
        }
        FloatSource three = FloatSource.of(new float[] {1, 2, 3});
        writer.add("model.layers.0.self_attn.rotary_emb.inv_freq", WeightType.F16, List.of(3L), three);
        files.put("model.layers.0.self_attn.rotary_emb.inv_freq", "b.safetensors");
        Parameter embedding = model.parameters().get(0);
        writer.add("lm_head.weight", WeightType.BF16, TestModels.shape(embedding), constant(embedding, 9));
        files.put("lm_head.weight", "b.safetensors");
        delete(input.resolve("model.safetensors"));
        writer.writeFolder(input, new ShardPlan(files));

        try (CheckpointReader trained = trained(model)) {
            HuggingFaceFolder.writeLike(input, trained, AS_IT_IS, target());
        }

        try (SafetensorsFolder before = SafetensorsFolder.open(input);
                SafetensorsFolder after = SafetensorsFolder.open(target())) {
            assertThat(after.shardPlan().files()).isEqualTo(before.shardPlan().files());
            assertThat(after.metadata()).isEqualTo(before.metadata());
            assertThat(after.tensors().values())
                    .extracting(TensorInfo::name, TensorInfo::type, TensorInfo::shape, TensorInfo::offset)
                    .isEqualTo(before.tensors().values().stream()
                            .map(info -> org.assertj.core.groups.Tuple.tuple(
                                    info.name(), info.type(), info.shape(), info.offset()))
                            .toList());
            assertThat(after.toArray("model.layers.0.self_attn.rotary_emb.inv_freq"))
                    .containsExactly(1, 2, 3);
            assertThat(after.toArray("lm_head.weight"))
                    .isEqualTo(after.toArray(EMBEDDING))
                    .containsOnly(0);
            assertThat(after.toArray("model.norm.weight"))
                    .containsOnly(model.parameters().size() - 1);
        }
    }

    @Test
    void aNewModelIsOneFileOfFloats() throws IOException {
        Path input = temp.resolve("new");
        Files.createDirectories(input);
        Files.copy(GoldenModel.load("llama_gqa_untied").folder().resolve("config.json"), input.resolve("config.json"));
        CausalLm model = Architectures.read(input);

        try (CheckpointReader trained = trained(model)) {
            HuggingFaceFolder.writeNew(input, trained, AS_IT_IS, target());
        }

        try (SafetensorsFolder after = SafetensorsFolder.open(target())) {
            assertThat(after.names())
                    .containsExactlyElementsOf(
                            model.parameters().stream().map(Parameter::name).toList());
            assertThat(after.tensors().values()).extracting(TensorInfo::type).containsOnly(WeightType.F32);
            assertThat(after.metadata()).containsExactly(Map.entry("format", "pt"));
        }
    }

    @Test
    void copiesTokenizerFilesAndLicencesAndNothingElse() throws IOException {
        Path input = TestModels.random(temp.resolve("model"), 1, config -> {});
        TestModels.addTokenizer("tokenizer-bytes", input);
        List<String> copied = List.of(
                "special_tokens_map.json", "chat_template.jinja", "merges.txt", "tokenizer.model", "LICENSE.txt");
        for (String name : copied) {
            Files.writeString(input.resolve(name), name);
        }
        Files.createDirectories(input.resolve("additional_chat_templates"));
        Files.writeString(input.resolve("additional_chat_templates/tools.jinja"), "tools");
        Files.writeString(input.resolve("pytorch_model.bin"), "other");
        Files.writeString(input.resolve("notes.txt"), "other");

        try (SafetensorsFolder weights = SafetensorsFolder.open(input)) {
            HuggingFaceFolder.writeLike(input, weights, AS_IT_IS, target());
        }

        for (String name : copied) {
            assertThat(target().resolve(name)).hasContent(name);
        }
        assertThat(target().resolve("tokenizer.json")).hasSameBinaryContentAs(input.resolve("tokenizer.json"));
        assertThat(target().resolve("additional_chat_templates/tools.jinja")).hasContent("tools");
        assertThat(target().resolve("pytorch_model.bin")).doesNotExist();
        assertThat(target().resolve("notes.txt")).doesNotExist();
    }

    @Test
    void carriesTheTemplateThatTheModelWasTunedOn() throws IOException {
        Path input = TestModels.random(temp.resolve("model"), 1, config -> {});
        Files.writeString(input.resolve("chat_template.jinja"), "old");
        Files.writeString(input.resolve("tokenizer_config.json"), "{\"chat_template\": \"old\"}");

        try (SafetensorsFolder weights = SafetensorsFolder.open(input)) {
            HuggingFaceFolder.writeLike(
                    input, weights, new HuggingFaceFolder.Tuned("{{ new }}", RunLength.SHORT), target());
        }

        assertThat(target().resolve("chat_template.jinja")).hasContent("{{ new }}");
        assertThat(Files.readString(target().resolve("tokenizer_config.json"))).contains("\"{{ new }}\"");
    }

    @Test
    void refusesATrainedStateThatDivergedAndKeepsTheEarlierFolder() throws IOException {
        Path input = GoldenModel.load("llama_gqa_tied").folder();
        Files.createDirectories(target());
        Files.writeString(target().resolve("earlier"), "earlier");
        Path checkpoint = temp.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            for (Parameter parameter : Architectures.read(input).parameters()) {
                float value = parameter.name().equals("model.norm.weight") ? Float.NaN : 1;
                writer.add(
                        CheckpointRole.FROZEN,
                        parameter.name(),
                        TestModels.shape(parameter),
                        constant(parameter, value));
            }
            writer.finish();
        }

        try (CheckpointReader trained = CheckpointReader.open(checkpoint)) {
            assertThatThrownBy(() -> HuggingFaceFolder.writeLike(input, trained, AS_IT_IS, target()))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("model.norm.weight: 48 of 48 values are not finite");
        }
        assertThat(target().resolve("earlier")).exists();
        assertThat(temp.resolve("hf.tmp")).doesNotExist();
    }

    @Test
    void refusesATrainedStateOfAnotherModel() {
        Path input = TestModels.random(temp.resolve("model"), 1, config -> {});
        CausalLm other = GoldenModel.load("llama_gqa_tied").model();

        try (CheckpointReader trained = trained(other)) {
            assertThatThrownBy(() -> HuggingFaceFolder.writeLike(input, trained, AS_IT_IS, target()))
                    .isInstanceOf(FormatException.class)
                    .hasMessageContaining("shape [97, 48], expected [40, 16]");
        }
    }

    /** Parameter number i is filled with i; beside it stands what else a training state has. */
    private CheckpointReader trained(CausalLm model) {
        Path checkpoint = temp.resolve("checkpoint");
        try (CheckpointWriter writer = CheckpointWriter.create(checkpoint)) {
            int number = 0;
            for (Parameter parameter : model.parameters()) {
                List<Long> shape = TestModels.shape(parameter);
                writer.add(CheckpointRole.FROZEN, parameter.name(), shape, constant(parameter, number++));
                writer.addZeros(CheckpointRole.FROZEN, parameter.name() + ".gradient", shape);
            }
            writer.finish();
        }
        return CheckpointReader.open(checkpoint);
    }

    private static FloatSource constant(Parameter parameter, float value) {
        float[] values = new float[Math.toIntExact(parameter.elements())];
        java.util.Arrays.fill(values, value);
        return FloatSource.of(values);
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path target() {
        return temp.resolve("hf");
    }
}
